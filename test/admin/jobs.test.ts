import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { ManualClock } from '../support/manual-clock.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';
import { AdminClient } from './support/admin-client.js';

let hub: TestHub;
let admin: AdminClient;
let clock: ManualClock;

beforeEach(async () => {
  clock = new ManualClock();
  hub = await startTestHub({ clock, yaml: 'devices: { max_running_jobs: 3, max_job_pause: 1h }\n' });
  admin = await AdminClient.of(hub.adminUrl);
});

afterEach(() => hub.stop());

async function make(devices: readonly string[], more: object = {}): Promise<string> {
  const body = JSON.stringify({ name: 'update', devices, ...more });
  const made = await fetch(`${hub.url}/v1/commands`, { method: 'POST', body });
  expect(made.status).toBe(202);
  return ((await made.json()) as { id: string }).id;
}

const ask = (id: string, request: string) =>
  fetch(`${hub.url}/v1/commands/jobs/${id}/${request}`, { method: 'POST' }).then(({ status }) => status);

async function idsAt(path: string): Promise<string[]> {
  return (await admin.get(path)).json.jobs.map(({ id }: { id: string }) => id);
}

/** Lets jobs have their rounds until one of them is in a state. */
async function becomes(id: string, state: string): Promise<void> {
  await eventually(`job ${id} is ${state}`, async () => {
    clock.advance(100);
    return (await admin.get(`/admin/jobs/${id}`)).json.state === state;
  });
}

describe('GET /admin/jobs', () => {
  it('shows jobs page by page, the newest first, and those in a state', async () => {
    const first = await make(['a']);
    clock.advance(1_000);
    const second = await make(['b']);
    clock.advance(1_000);
    const third = await make(['c']);
    await ask(second, 'pause');
    const { json } = await admin.get('/admin/jobs?limit=2');
    expect(json.jobs).toMatchObject([
      { id: third, href: `/admin/jobs/${third}`, name: 'update' },
      { id: second, state: 'PAUSED' },
    ]);
    expect(await idsAt(`/admin/jobs?limit=2&after=${json.next}`)).toEqual([first]);
    expect(await idsAt('/admin/jobs?state=PAUSED')).toEqual([second]);
  });

  it('refuses a state that there is not', async () => {
    const { status, json } = await admin.get('/admin/jobs?state=paused');
    expect([status, json.code]).toEqual([400, 'bad_request']);
    expect(json.detail).toContain('Allowed is "RUNNING" or "PAUSED"');
  });
});

describe('GET /admin/jobs/{id}', () => {
  it('shows how far a job is and what was asked for', async () => {
    const id = await make(['a', 'b'], { params: { v: 7 }, rate: '2/s', canary: { devices: 1, within: 60 } });
    expect((await admin.get(`/admin/jobs/${id}`)).json).toMatchObject({
      ...{ id, stage: 'selecting', listed: 2, rate: '2/s', canary: { devices: 1, within: 60 } },
      command: { name: 'update', params: { v: 7 } },
    });
  });

  it('does not know one that was never made', async () => {
    expect((await admin.get('/admin/jobs/01JDA0R9S3M6T5E1V7XQ2N8K4B')).json.code).toBe('job_not_found');
  });
});

describe('DELETE /admin/jobs/{id}', () => {
  it('deletes the record of a job that is over, and of no other', async () => {
    const id = await make(['a']);
    const refused = await admin.delete(`/admin/jobs/${id}`);
    expect([refused.status, refused.json.detail]).toEqual([
      409,
      `Job "${id}" is RUNNING and its record cannot be deleted; cancel it first.`,
    ]);
    await becomes(id, 'RUNNING');
    await ask(id, 'cancel');
    await eventually('its record can be deleted', async () => {
      clock.advance(100);
      return (await admin.delete(`/admin/jobs/${id}`)).status === 204;
    });
    expect((await admin.get(`/admin/jobs/${id}`)).status).toBe(404);
    expect(await idsAt('/admin/jobs')).toEqual([]);
  });
});

describe('A job that nobody resumes', () => {
  it('is canceled after its time, and leaves its place to another', async () => {
    const ids = [await make(['a']), await make(['b']), await make(['c'])];
    for (const id of ids) expect(await ask(id, 'pause')).toBe(200);
    const body = JSON.stringify({ name: 'update', devices: ['d'] });
    const refused = await fetch(`${hub.url}/v1/commands`, { method: 'POST', body });
    expect([refused.status, await refused.json()]).toMatchObject([429, { code: 'job_limit' }]);
    clock.advance(3_600_000);
    for (const id of ids) await becomes(id, 'CANCELED');
    expect((await admin.get(`/admin/jobs/${ids[0]}`)).json).toMatchObject({ cause: 'abandoned' });
    const resumed = await fetch(`${hub.url}/v1/commands/jobs/${ids[0]}/resume`, { method: 'POST' });
    expect([resumed.status, await resumed.json()]).toMatchObject([
      409,
      { detail: expect.stringContaining('devices.max_job_pause') },
    ]);
    await make(['d']);
  });
});

describe('/admin/stats', () => {
  it('counts jobs by their states, and the devices that wait for them', async () => {
    await make(['a', 'b', 'c'], { canary: { devices: 1, within: 60 } });
    const paused = await make(['d', 'e']);
    await ask(paused, 'pause');
    await eventually('the canary was sent its command', async () => {
      clock.advance(100);
      const { jobs } = (await admin.get('/admin/stats')).json;
      return jobs.devicesWaiting === 2;
    });
    expect((await admin.get('/admin/stats')).json.jobs).toEqual({
      ...{ running: 1, paused: 1, stopped: 0, limit: 3, over: 0, keptLimit: 1_000, devicesWaiting: 2 },
    });
  });
});
