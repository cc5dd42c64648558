import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { atBothDoors } from '../../support/both-doors.js';
import { eventually } from '../../support/eventually.js';
import { ManualClock } from '../../support/manual-clock.js';
import { closeRawClients, RawClient } from '../../support/raw-client.js';
import { startTestHub, type TestHub } from '../../support/start-hub.js';

atBothDoors("a device's poll", ({ fastLane }) => {
  let hub: TestHub;
  let clock: ManualClock;
  beforeEach(async () => {
    clock = new ManualClock();
    hub = await startTestHub({ clock, fastLane });
  });
  afterEach(async () => {
    closeRawClients();
    await hub.stop();
  });

  const url = (path: string) => `${hub.url}/v1/devices/d1${path}`;
  const poll = (query = '', init: RequestInit = {}) => fetch(url(`/commands?wait=0${query}`), init);
  const parked = () => eventually('the poll waits', () => hub.commands.polls > 0);

  async function send(command: object): Promise<{ id: string; delivered: boolean }> {
    const response = await fetch(url('/commands'), { method: 'POST', body: JSON.stringify(command) });
    expect(response.status).toBe(202);
    return (await response.json()) as { id: string; delivered: boolean };
  }

  async function stateOf(id: string): Promise<Record<string, unknown>> {
    return (await (await fetch(url(`/commands/${id}`))).json()) as Record<string, unknown>;
  }

  // biome-ignore lint/suspicious/noExplicitAny: what a device reads is JSON of its own
  const given = async (response: Response): Promise<any> => {
    expect(response.status).toBe(200);
    return response.json();
  };

  it('is answered with a command that waits, and all that the device needs to know of it', async () => {
    const { id } = await send({ name: 'fan.set', params: { on: true }, ack: 'result', ttl: 40 });
    clock.advance(2_500);
    const response = await poll();
    expect(response.headers.get('cache-control')).toBe('no-store');
    const command = await given(response);
    expect(command).toEqual({
      id,
      name: 'fan.set',
      params: { on: true },
      seq: 1,
      lane: 'main',
      attempt: 1,
      lock: expect.stringMatching(/^[\w-]{16}$/),
      ack: 'result',
      ttl: 38,
      timeout: 30,
      reply: `/v1/devices/d1/commands/${id}/${command.lock}`,
    });
    expect(await stateOf(id)).toMatchObject({ state: 'LEASED', attempt: 1, cause: 'lease' });
  });

  it('is answered when a command comes', async () => {
    const waiting = fetch(url('/commands?wait=20'));
    await parked();
    expect(await send({ name: 'a' })).toMatchObject({ delivered: true });
    expect(await given(await waiting)).toMatchObject({ name: 'a', params: {} });
  });

  it('gets 204 when nothing comes in time', async () => {
    const waiting = fetch(url('/commands/next'), { method: 'POST', headers: { Prefer: 'wait=20' } });
    await parked();
    clock.advance(19_000);
    expect(hub.commands.polls).toBe(1);
    clock.advance(3_000);
    expect((await waiting).status).toBe(204);
    expect(hub.commands.polls).toBe(0);
  });

  it('acknowledges with its lock what it was given before', async () => {
    const first = await send({ name: 'a' });
    const second = await send({ name: 'b' });
    const { lock } = await given(await poll());
    const next = await given(await poll(`&ack=${lock}`));
    expect(next).toMatchObject({ id: second.id, seq: 2 });
    expect(await stateOf(first.id)).toMatchObject({ state: 'SUCCEEDED', evidence: 'acked' });
    expect((await poll(`&ack=${next.lock}`)).status).toBe(204);
    expect((await poll(`&ack=${next.lock}`)).status).toBe(204);
  });

  it('is given again what it does not acknowledge, not before a quarter of a second has passed', async () => {
    const { id } = await send({ name: 'a' });
    const { lock } = await given(await poll());
    expect((await poll()).status).toBe(204);
    const waiting = fetch(url('/commands?wait=20'));
    await parked();
    clock.advance(2_000);
    const again = await given(await waiting);
    expect(again).toMatchObject({ id, attempt: 2 });
    expect(again.lock).not.toBe(lock);
    expect((await poll(`&ack=${lock}`)).status).toBe(204);
    expect(await stateOf(id)).toMatchObject({ state: 'SUCCEEDED', late: true, evidence: 'acked' });
  });

  it('leaves alone what another session was given', async () => {
    const { id } = await send({ name: 'a' });
    await given(await poll('', { headers: { 'Signalbox-Session': 'one' } }));
    expect((await poll('', { headers: { 'Signalbox-Session': 'two' } })).status).toBe(204);
    expect(await stateOf(id)).toMatchObject({ state: 'LEASED', attempt: 1 });
  });

  it('is ended by a newer one of its session, and by no other', async () => {
    const waiting = fetch(url('/commands?wait=20'));
    await parked();
    const other = fetch(url('/commands?wait=20'), { headers: { 'Signalbox-Session': 'two' } });
    await eventually('both wait', () => hub.commands.polls === 2);
    const newer = fetch(url('/commands?wait=20'));
    const ended = await waiting;
    expect(ended.status).toBe(409);
    expect(await ended.json()).toMatchObject({ code: 'poll_taken_over' });
    await eventually('both wait', () => hub.commands.polls === 2);
    await send({ name: 'a' });
    await send({ name: 'b', lane: 'urgent' });
    expect(await given(await other)).toMatchObject({ name: 'a' });
    expect(await given(await newer)).toMatchObject({ name: 'b' });
  });

  it('gets several commands in order under one lock when it asks for them', async () => {
    for (const name of ['a', 'b', 'c']) await send({ name });
    await send({ name: 'stop', lane: 'urgent' });
    const batch = await given(await poll('&max=3'));
    expect(batch.map(({ name }: { name: string }) => name)).toEqual(['stop', 'a', 'b']);
    expect(new Set(batch.map(({ lock }: { lock: string }) => lock)).size).toBe(1);
    expect(await given(await poll(`&max=3&ack=${batch[0].lock}`))).toMatchObject([{ name: 'c' }]);
  });

  it('gets bare params and the rest in header lines when it asks for them', async () => {
    const { id } = await send({ name: 'größer', params: 'an' });
    const response = await poll('&raw=1');
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await response.text()).toBe('an');
    const lock = response.headers.get('signalbox-lock');
    expect(response.headers.get('signalbox-name')).toBe('gr%C3%B6%C3%9Fer');
    expect(response.headers.get('signalbox-id')).toBe(id);
    expect(response.headers.get('signalbox-reply')).toBe(`/v1/devices/d1/commands/${id}/${lock}`);
    await send({ name: 'b', params: { on: true } });
    const json = await poll(`&ack=${lock}`, { headers: { Accept: 'application/octet-stream' } });
    expect(json.headers.get('content-type')).toBe('application/json');
    expect(await json.text()).toBe('{"on":true}');
  });

  it('is told how many commands a full queue dropped', async () => {
    await hub.stop();
    const yaml = 'devices:\n  command_buffer_length: 2\n  command_buffer_full: drop-oldest\n';
    hub = await startTestHub({ clock, fastLane, yaml });
    const dropped = await send({ name: 'a' });
    await send({ name: 'b' });
    await send({ name: 'c' });
    expect(await stateOf(dropped.id)).toMatchObject({ state: 'CANCELED', cause: 'dropped' });
    const response = await poll();
    expect(response.headers.get('signalbox-dropped')).toBe('1');
    const { name, lock } = await given(response);
    expect(name).toBe('b');
    expect((await poll(`&ack=${lock}`)).headers.has('signalbox-dropped')).toBe(false);
  });

  it.each([
    ['&max=0', '"max" must be a whole number from 1 to 100; this one is "0".'],
    ['&lease=never', '"lease" must be a whole number from 1 to 86400; this one is "never".'],
    ['&ack=a b', '"a b" is not a lock: send back the one that came with the command.'],
    ['&raw=1&max=2', 'A raw answer holds one command; leave out "max", or "raw".'],
  ])('is refused with a sentence when it asks for %s', async (query, detail) => {
    const response = await poll(query);
    expect(response.status).toBe(400);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'bad_request', detail });
  });

  it('leaves the queue when its client leaves', async () => {
    const device = await RawClient.connect(hub);
    device.send('GET /v1/devices/d1/commands?wait=20 HTTP/1.1\r\nHost: h\r\n\r\n');
    await parked();
    device.reset();
    await eventually('the poll is gone', () => hub.commands.polls === 0);
    expect(await send({ name: 'a' })).toMatchObject({ delivered: false });
  });

  it('is ended with 204 when the hub stops', async () => {
    const waiting = fetch(url('/commands?wait=20'));
    await parked();
    await hub.stop();
    expect((await waiting).status).toBe(204);
  });
});
