import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { atBothDoors } from '../../support/both-doors.js';
import { eventually } from '../../support/eventually.js';
import { ManualClock } from '../../support/manual-clock.js';
import { startTestHub, type TestHub } from '../../support/start-hub.js';
import { DeviceCalls, type Json } from './support.js';

const YAML = `
limits: { keep_alive_timeout: 1d }
devices: { max_running_jobs: 2 }
locations:
  - { path: /sub, channel: $arg_id, subscriber: true }
`;

atBothDoors('Jobs', ({ fastLane }) => {
  let hub: TestHub;
  let clock: ManualClock;
  beforeEach(async () => {
    clock = new ManualClock();
    hub = await startTestHub({ clock, fastLane, yaml: YAML });
  });
  afterEach(() => hub.stop());

  const post = (path: string, body?: object, headers: Record<string, string> = {}) =>
    fetch(`${hub.url}/v1/commands${path}`, { method: 'POST', headers, ...(body && { body: JSON.stringify(body) }) });
  const get = async (path: string): Promise<Json> => (await fetch(`${hub.url}/v1/commands/jobs${path}`)).json();
  const make = async (job: object): Promise<string> => {
    const response = await post('', { name: 'update', ...job });
    expect(response.status).toBe(202);
    return ((await response.json()) as Json).id;
  };
  const refusal = async (response: Response) => [response.status, ((await response.json()) as Json).code];
  /** Lets jobs have their rounds until one is as it should be. */
  const becomes = (id: string, what: string, isSo: (job: Json) => boolean) =>
    eventually(what, async () => {
      clock.advance(100);
      return isSo(await get(`/${id}`));
    });

  it('bring a command to devices, and tell how far they are', async () => {
    const asked = {
      ...{ params: { version: 7 }, ack: 'result', ttl: 86_400, devices: ['d1', 'd2', 'd1'], rate: '10/s' },
      ...{ canary: { devices: 1, within: 600 }, stopOnFailure: { percent: 5, atLeast: 20 } },
    };
    const response = await post('', { name: 'update', ...asked });
    const made = (await response.json()) as Json;
    expect([response.status, response.headers.get('location')]).toEqual([202, `/v1/commands/jobs/${made.id}`]);
    expect(made).toMatchObject({ name: 'update', state: 'RUNNING', stage: 'selecting', devices: { total: 0 } });

    await becomes(made.id, 'the canary has its command', ({ devices }) => devices.inFlight === 1);
    const canary = new DeviceCalls(hub, 'd1');
    const command = await canary.take();
    expect(command).toMatchObject({ name: 'update', params: { version: 7 }, ack: 'result' });
    expect(await canary.look(command.id)).toMatchObject({ job: made.id });
    expect((await canary.post(`/commands/${command.id}/${command.lock}/complete`)).status).toBe(204);
    await becomes(
      made.id,
      'the other one has it too',
      ({ devices }) => devices.inFlight === 1 && devices.succeeded === 1,
    );

    expect(await get(`/${made.id}`)).toMatchObject({
      ...{ state: 'RUNNING', stage: 'rollout', listed: 2, rate: '10/s', createdAt: '2026-01-15T12:00:00.000Z' },
      ...{ canary: { devices: 1, within: 600 }, stopOnFailure: { percent: 5, atLeast: 20 } },
      command: { name: 'update', params: { version: 7 }, ack: 'result', ttl: 86_400 },
      devices: { total: 2, waiting: 0, inFlight: 1, succeeded: 1, failed: 0 },
    });
    const first = await get(`/${made.id}/devices?limit=1`);
    const href = `/v1/devices/d1/commands/${command.id}`;
    expect(first).toEqual({ devices: [{ device: 'd1', state: 'SUCCEEDED', command: command.id, href }], next: 1 });
    const rest = await get(`/${made.id}/devices?limit=1&after=1`);
    expect(rest).toMatchObject({ devices: [{ device: 'd2', state: 'SENT' }], next: 2 });
    expect(await get(`/${made.id}/devices?after=2`)).toEqual({ devices: [], next: null });
    expect(await get(`/${made.id}/devices?state=SENT`)).toMatchObject({ devices: [{ device: 'd2' }], next: null });
  });

  it('find registered devices by pattern and attributes', async () => {
    for (const [device, site] of [
      ['fan-1', 'north'],
      ['fan-2', 'south'],
      ['pump-1', 'north'],
    ] as const) {
      const body = JSON.stringify({ attributes: { site } });
      await fetch(`${hub.url}/v1/devices/${device}`, { method: 'PUT', body });
    }
    const id = await make({ pattern: 'fan-*', attributes: { site: { prefix: 'no' } } });
    await becomes(id, 'it has its device', ({ devices }) => devices.inFlight === 1);
    expect(await get(`/${id}/devices`)).toMatchObject({ devices: [{ device: 'fan-1' }] });
    expect(await get(`/${id}`)).toMatchObject({ pattern: 'fan-*', attributes: { site: { prefix: 'no' } } });
  });

  it('are paused, resumed and canceled', async () => {
    const id = await make({ devices: ['d1', 'd2', 'd3'], rate: '1/h' });
    await becomes(id, 'the first has its command', ({ devices }) => devices.inFlight === 1);
    const ask = async (asked: string) => {
      const response = await post(`/jobs/${id}/${asked}`);
      return [response.status, ((await response.json()) as Json).state];
    };
    expect(await ask('pause')).toEqual([200, 'PAUSED']);
    expect(await ask('pause')).toEqual([200, 'PAUSED']);
    expect(await ask('resume')).toEqual([200, 'RUNNING']);
    expect(await ask('cancel')).toEqual([200, 'CANCELED']);
    await becomes(id, 'the command is taken back', ({ devices }) => devices.canceled === 1 && devices.notSent === 2);
    expect(await refusal(await post(`/jobs/${id}/resume`))).toEqual([409, 'job_conflict']);
  });

  it('are listed with the newest first, page by page', async () => {
    const first = await make({ devices: ['d1'] });
    const second = await make({ pattern: 'none-*' });
    await becomes(second, 'it is done', ({ state }) => state === 'DONE');
    const page = await get('?limit=1');
    expect(page).toMatchObject({ jobs: [{ id: second, state: 'DONE' }], next: second });
    expect(await get(`?after=${page.next}`)).toMatchObject({ jobs: [{ id: first }], next: null });
    expect(await get('?state=RUNNING')).toMatchObject({ jobs: [{ id: first }], next: null });
  });

  it('are made once for one Idempotency-Key', async () => {
    const key = { 'Idempotency-Key': 'rollout-7' };
    const job = { name: 'update', devices: ['d1'] };
    const { id } = (await (await post('', job, key)).json()) as Json;
    expect(await (await post('', job, key)).json()).toMatchObject({ id, repeated: true });
    const other = await post('', { ...job, devices: ['d2'] }, key);
    expect(await refusal(other)).toEqual([422, 'idempotency_key_reused']);
  });

  it('tell their progress on a channel', async () => {
    const id = await make({ devices: ['d1'] });
    await becomes(id, 'it is sent', ({ devices }) => devices.inFlight === 1);
    const response = await fetch(`${hub.url}/sub?id=jobs/${id}/progress`);
    expect(await response.json()).toMatchObject({ id, state: 'RUNNING', devices: { total: 1 } });
  });

  it('are limited in number', async () => {
    await make({ devices: ['d1'] });
    await make({ devices: ['d1'] });
    expect(await refusal(await post('', { name: 'update', devices: ['d1'] }))).toEqual([429, 'job_limit']);
  });

  it('refuse with a sentence what they cannot be', async () => {
    const response = await post('', { name: 'update', devices: ['a'], rate: '10' });
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(((await response.clone().json()) as Json).detail).toContain('a number of commands a second');
    expect(await refusal(response)).toEqual([422, 'invalid_payload']);
  });

  it('are not found where there is none, and have the methods that they have', async () => {
    const none = '01JDA0R9S3M6T5E1V7XQ2N8K4B';
    const status = async (method: string, path: string) =>
      (await fetch(`${hub.url}/v1/commands${path}`, { method })).status;
    expect(await refusal(await post(`/jobs/${none}/pause`))).toEqual([404, 'job_not_found']);
    expect(await status('GET', `/jobs/${none}`)).toBe(404);
    expect(await status('GET', `/jobs/${none}/devices`)).toBe(404);
    expect(await status('GET', '/jobs/x/y/z')).toBe(404);
    expect(await status('GET', '/other')).toBe(404);
    expect(await status('GET', '')).toBe(405);
    expect(await status('POST', '/jobs')).toBe(405);
    expect(await status('DELETE', `/jobs/${none}`)).toBe(405);
    expect(await status('GET', `/jobs/${none}/pause`)).toBe(405);
    expect(await status('GET', '/jobs?state=ALIVE')).toBe(400);
    expect(await status('GET', '/jobs?after=x')).toBe(400);
  });
});
