import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { atBothDoors } from '../../support/both-doors.js';
import { ManualClock } from '../../support/manual-clock.js';
import { startTestHub, type TestHub } from '../../support/start-hub.js';
import { DeviceCalls, type Json } from './support.js';

const JSON_TYPE = { 'Content-Type': 'application/json' };

atBothDoors('what a device reports of a command', ({ fastLane }) => {
  let hub: TestHub;
  let clock: ManualClock;
  let device: DeviceCalls;
  beforeEach(async () => {
    clock = new ManualClock();
    hub = await startTestHub({ clock, fastLane, yaml: 'devices: { late_window: 40s }\n' });
    device = new DeviceCalls(hub);
  });
  afterEach(() => hub.stop());

  async function taken(command: object = { name: 'a', ack: 'result' }): Promise<Json> {
    await device.send(command);
    return device.take();
  }

  const report = ({ id, lock }: Json, verb: string, body?: string, headers = {}) =>
    device.post(`/commands/${id}/${lock}/${verb}`, body, headers);

  it('is done once, and 204 the second time', async () => {
    const command = await taken();
    for (const _time of [1, 2]) {
      const response = await report(command, 'complete');
      expect([response.status, response.headers.get('signalbox-state')]).toEqual([204, 'SUCCEEDED']);
    }
    expect(await device.look(command.id)).toMatchObject({ state: 'SUCCEEDED', evidence: 'result', attempt: 1 });
  });

  it.each([
    [200, 'SUCCEEDED'],
    [299, 'SUCCEEDED'],
    [404, 'REJECTED'],
    [500, 'FAILED'],
  ])('is a result of %i: %s, with its data', async (status, state) => {
    const command = await taken();
    expect((await report(command, 'result', JSON.stringify({ status, data: { rpm: 900 } }))).status).toBe(204);
    expect(await device.look(command.id)).toMatchObject({ state, result: { status, data: { rpm: 900 } } });
  });

  it('may have its status in the query, and then any body', async () => {
    const text = await taken();
    await report(text, 'result?status=200', 'läuft', { 'Content-Type': 'text/plain' });
    expect(await device.look(text.id)).toMatchObject({ result: { status: 200, data: 'läuft' } });
    const json = await taken();
    await report(json, 'result?status=503', '{"busy":true}', JSON_TYPE);
    expect(await device.look(json.id)).toMatchObject({
      state: 'FAILED',
      result: { status: 503, data: { busy: true } },
    });
  });

  it('is progress, which begins the time for a result anew, until none comes', async () => {
    const command = await taken();
    clock.advance(25_000);
    expect((await report(command, 'progress')).status).toBe(204);
    clock.advance(25_000);
    expect(await device.look(command.id)).toMatchObject({ state: 'IN_PROGRESS' });
    clock.advance(10_000);
    expect(await device.look(command.id)).toMatchObject({ state: 'TIMED_OUT', cause: 'no_result' });
    const late = await report(command, 'result', '{"status":200}');
    expect(late.status).toBe(202);
    expect(await late.json()).toEqual({ id: command.id, state: 'SUCCEEDED', late: true });
    expect(await device.look(command.id)).toMatchObject({ state: 'SUCCEEDED', late: true });
  });

  it('comes too late for a result once the late window is over', async () => {
    const command = await taken();
    await report(command, 'progress');
    clock.advance(31_000);
    await device.look(command.id);
    clock.advance(40_000);
    const response = await report(command, 'complete');
    expect([response.status, response.headers.get('signalbox-state')]).toEqual([410, 'TIMED_OUT']);
  });

  it('gives a command back, to be given again after the time that it asks for', async () => {
    const command = await taken();
    expect((await report(command, 'abandon?delay=5')).status).toBe(204);
    expect((await device.poll()).status).toBe(204);
    clock.advance(5_000);
    expect(await device.take()).toMatchObject({ id: command.id, attempt: 2 });
  });

  it('rejects a command for good', async () => {
    const command = await taken();
    expect((await report(command, 'reject', 'no fan here', { 'Content-Type': 'text/plain' })).status).toBe(204);
    expect(await device.look(command.id)).toMatchObject({
      state: 'REJECTED',
      result: { status: 400, data: 'no fan here' },
    });
  });

  it('is refused with the state under a lock that is lost, unless it reports success', async () => {
    const command = await taken();
    clock.advance(61_000);
    const refused = await report(command, 'result', '{"status":500}');
    expect([refused.status, refused.headers.get('signalbox-state')]).toEqual([412, 'QUEUED']);
    expect(await refused.json()).toMatchObject({ code: 'lock_lost' });
    expect((await report(command, 'complete')).status).toBe(202);
    expect((await device.poll()).status).toBe(204);
  });

  it('is refused under a lock that never was', async () => {
    const { id } = await taken();
    const response = await report({ id, lock: 'AAAAAAAAAAAAAAAA' }, 'complete');
    expect([response.status, response.headers.get('signalbox-state')]).toEqual([412, 'LEASED']);
  });

  it('is gone for a command that was canceled', async () => {
    const command = await taken();
    const canceled = await fetch(device.url(`/commands/${command.id}`), { method: 'DELETE' });
    expect([canceled.status, ((await canceled.json()) as Json).state]).toEqual([200, 'CANCELED']);
    const response = await report(command, 'complete');
    expect(response.status).toBe(410);
    expect(await response.json()).toMatchObject({ code: 'command_gone' });
  });

  it('is 404 for a command that there is not', async () => {
    const response = await report({ id: '01JBZZZZZZZZZZZZZZZZZZZZZZ', lock: 'x' }, 'complete');
    expect([response.status, ((await response.json()) as Json).code]).toEqual([404, 'command_not_found']);
  });

  it.each([
    ['result', '{"status":302}', {}, 422, 'invalid_payload'],
    ['result', 'ok', {}, 400, 'bad_json'],
    ['result', '[]', {}, 422, 'invalid_payload'],
    ['result?status=200', '{', JSON_TYPE, 400, 'bad_json'],
    ['result?status=99', '', {}, 400, 'bad_request'],
    ['abandon?delay=-1', '', {}, 400, 'bad_request'],
    ['reject', 'x'.repeat(16_385), {}, 413, 'body_too_large'],
  ])('is refused as %s with %j', async (verb, body, headers, status, code) => {
    const response = await report(await taken(), verb, body.slice(0, 20_000), headers);
    expect([response.status, ((await response.json()) as Json).code]).toEqual([status, code]);
  });

  it('has its own methods', async () => {
    const command = await taken();
    const response = await fetch(device.url(`/commands/${command.id}/${command.lock}/complete`));
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
  });
});
