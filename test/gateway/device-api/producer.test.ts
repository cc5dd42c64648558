import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { atBothDoors } from '../../support/both-doors.js';
import { eventually } from '../../support/eventually.js';
import { ManualClock } from '../../support/manual-clock.js';
import { startTestHub, type TestHub } from '../../support/start-hub.js';
import { DeviceCalls, type Json } from './support.js';

atBothDoors('a producer', ({ fastLane }) => {
  let hub: TestHub;
  let clock: ManualClock;
  let device: DeviceCalls;
  beforeEach(async () => {
    clock = new ManualClock();
    // Connections outlive the jumps of the clock.
    const limits = 'limits: { keep_alive_timeout: 1d }\n';
    const yaml = `${limits}devices: { max_deliveries: 2, command_buffer_length: 3 }\n`;
    hub = await startTestHub({ clock, fastLane, yaml });
    device = new DeviceCalls(hub);
  });
  afterEach(() => hub.stop());

  const send = (command: object, headers: Record<string, string> = {}) =>
    device.post('/commands', JSON.stringify(command), headers);
  const refusal = async (response: Response) => [response.status, ((await response.json()) as Json).code];

  it('is told where its command can be looked up', async () => {
    const response = await send({ name: 'fan.set', params: { on: true }, key: 'fan', priority: 3, timeout: 5 });
    const { id, ...rest } = (await response.json()) as Json;
    expect([response.status, rest]).toEqual([202, { state: 'QUEUED', delivered: false }]);
    const place = response.headers.get('location');
    expect(place).toBe(`/v1/devices/d1/commands/${id}`);
    expect(await (await fetch(hub.url + place)).json()).toEqual({
      ...{
        id,
        device: 'd1',
        name: 'fan.set',
        params: { on: true },
        state: 'QUEUED',
        attempt: 0,
        cause: 'sent',
        seq: 1,
      },
      ...{ lane: 'main', priority: 3, key: 'fan', ack: 'delivered', timeout: 5 },
      at: '2026-01-15T12:00:00.000Z',
      createdAt: '2026-01-15T12:00:00.000Z',
      expiresAt: '2026-01-15T13:00:00.000Z',
    });
  });

  it('gets the same command for the same Idempotency-Key, for ten minutes', async () => {
    const key = { 'Idempotency-Key': 'order-7' };
    const first = await device.send({ name: 'a' }, key);
    expect(await device.send({ name: 'a' }, key)).toMatchObject({ id: first.id, repeated: true });
    expect(await refusal(await send({ name: 'b' }, key))).toEqual([422, 'idempotency_key_reused']);
    expect(await refusal(await send({ name: 'b' }, { 'Idempotency-Key': 'a b' }))).toEqual([400, 'bad_request']);
    clock.advance(600_000);
    expect((await device.send({ name: 'b' }, key)).id).not.toBe(first.id);
  });

  it('can wait for the end of its command', async () => {
    const waiting = send({ name: 'a', ack: 'result' }, { Prefer: 'wait=20' });
    const { id, lock } = await eventuallyTaken();
    await device.post(`/commands/${id}/${lock}/result?status=200`, '"ok"', { 'Content-Type': 'application/json' });
    const response = await waiting;
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ id, state: 'SUCCEEDED', result: { status: 200, data: 'ok' } });
  });

  async function eventuallyTaken(): Promise<Json> {
    let taken: Json;
    await eventually('a command is there', async () => {
      clock.advance(1_000);
      const response = await device.poll('', { headers: { 'Signalbox-Session': 'later' } });
      if (response.status !== 200) return false;
      taken = await response.json();
      return true;
    });
    return taken;
  }

  it('is told that its command is on its way when the end does not come in time', async () => {
    let status: number | undefined;
    void send({ name: 'a' }, { Prefer: 'respond-async, wait=2' }).then((response) => {
      status = response.status;
    });
    await eventually('the time is up', () => {
      clock.advance(1_000);
      return status !== undefined;
    });
    expect(status).toBe(202);
  });

  it('cancels a command that has not ended, and no other', async () => {
    const { id } = await device.send({ name: 'a' });
    const cancel = () => fetch(device.url(`/commands/${id}`), { method: 'DELETE' });
    for (const _time of [1, 2])
      expect([(await cancel()).status, (await device.look(id)).state]).toEqual([200, 'CANCELED']);
    expect((await device.poll()).status).toBe(204);
    const done = await device.send({ name: 'b' });
    const { lock } = await device.take();
    await device.poll(`&ack=${lock}`);
    const response = await fetch(device.url(`/commands/${done.id}`), { method: 'DELETE' });
    expect(response.headers.get('signalbox-state')).toBe('SUCCEEDED');
    expect(await refusal(response)).toEqual([409, 'command_conflict']);
  });

  it('reads the history of a command, and gives a dead one a second life', async () => {
    const { id } = await device.send({ name: 'a' });
    for (const _delivery of [1, 2]) {
      await device.take();
      clock.advance(62_000);
      await device.look(id);
      clock.advance(1_000);
    }
    expect(await device.look(id)).toMatchObject({ state: 'DEAD', attempt: 2 });
    const history = (await (await fetch(device.url(`/commands/${id}/history`))).json()) as Json;
    expect(history.transitions.map(({ to, cause, attempt }: Json) => `${attempt} ${to} ${cause}`)).toEqual([
      '0 QUEUED sent',
      '1 LEASED lease',
      '1 QUEUED lease_expired',
      '2 LEASED lease',
      '2 DEAD lease_expired',
    ]);
    const again = await device.post(`/commands/${id}/redrive`);
    expect([again.status, ((await again.json()) as Json).state]).toEqual([200, 'QUEUED']);
    expect(await device.take()).toMatchObject({ id, attempt: 1 });
    expect(await refusal(await device.post(`/commands/${id}/redrive`))).toEqual([409, 'command_conflict']);
  });

  it('replaces a command that waits by a newer one with the same key, and never one that is on its way', async () => {
    const first = await device.send({ name: 'set', params: 1, key: 'setpoint' });
    const second = await device.send({ name: 'set', params: 2, key: 'setpoint' });
    expect(await device.look(first.id)).toMatchObject({ state: 'CANCELED', cause: 'superseded' });
    const { id, lock } = await device.take();
    expect(id).toBe(second.id);
    const third = await device.send({ name: 'set', params: 3, key: 'setpoint' });
    expect(await device.look(second.id)).toMatchObject({ state: 'LEASED' });
    expect(await device.take(`&ack=${lock}`)).toMatchObject({ id: third.id });
  });

  it('sends a command for later', async () => {
    const { id } = await device.send({ name: 'a', notBefore: '2026-01-15T12:01:00Z', ttl: 30 });
    expect(await device.look(id)).toMatchObject({ state: 'SCHEDULED', expiresAt: '2026-01-15T12:01:30.000Z' });
    const waiting = fetch(device.url('/commands?wait=90'));
    await device.parked();
    clock.advance(59_000);
    expect((await device.look(id)).state).toBe('SCHEDULED');
    clock.advance(3_000);
    expect(((await (await waiting).json()) as Json).id).toBe(id);
  });

  it('sees a command expire that nobody came for, and another priority go first', async () => {
    const { id } = await device.send({ name: 'a', ttl: 5 });
    clock.advance(7_000);
    expect(await device.look(id)).toMatchObject({ state: 'EXPIRED', cause: 'ttl_passed' });
    await device.send({ name: 'b' });
    await device.send({ name: 'c', priority: 1 });
    expect(await device.take()).toMatchObject({ name: 'c' });
  });

  it('is told when the queue is full', async () => {
    for (const name of ['a', 'b', 'c']) await device.send({ name });
    const response = await send({ name: 'd' });
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await refusal(response)).toEqual([429, 'queue_full']);
  });

  it.each([
    ['{', 400, 'bad_json'],
    ['[]', 422, 'invalid_payload'],
    ['{"params":1}', 422, 'invalid_payload'],
    ['{"name":"a","size":1}', 422, 'invalid_payload'],
    ['{"name":"a","ttl":"1h"}', 422, 'invalid_payload'],
    ['{"name":"a","ttl":0.5}', 422, 'invalid_payload'],
    ['{"name":"a","ack":"maybe"}', 422, 'invalid_payload'],
    ['{"name":"a","lane":"a b"}', 422, 'invalid_payload'],
    ['{"name":"a","key":""}', 422, 'invalid_payload'],
    ['{"name":"a","key":7}', 422, 'invalid_payload'],
    ['{"name":"a","priority":10}', 422, 'invalid_payload'],
    ['{"name":"a","notBefore":"tomorrow"}', 422, 'invalid_payload'],
  ])('is refused with %s', async (body, status, code) => {
    expect(await refusal(await device.post('/commands', body))).toEqual([status, code]);
  });
});
