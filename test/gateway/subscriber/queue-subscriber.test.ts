import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { atBothDoors } from '../../support/both-doors.js';
import { ManualClock } from '../../support/manual-clock.js';
import { startTestHub, type TestHub } from '../../support/start-hub.js';
import { DeviceCalls } from '../device-api/support.js';

const CHANNEL = 'devices/d1/commands';

atBothDoors('the channel that a queue is seen as', ({ fastLane }) => {
  let hub: TestHub;
  let clock: ManualClock;
  let device: DeviceCalls;
  beforeEach(async () => {
    clock = new ManualClock();
    const yaml =
      'locations:\n' +
      '  - { path: /pub, channel: $arg_id, publisher: on }\n' +
      '  - { path: /sub, channel: $arg_id, subscriber: on, subscriber_timeout: 20s }\n' +
      '  - { path: /now, channel: $arg_id, subscriber: interval-poll }\n' +
      '  - { path: /device, commands: $arg_id, subscriber: on }\n' +
      '  - { path: /other, channel: $arg_id, channel_group: other, publisher: on, subscriber: on }\n';
    hub = await startTestHub({ clock, fastLane, yaml });
    device = new DeviceCalls(hub);
  });
  afterEach(() => hub.stop());

  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`${hub.url}${path}?id=${CHANNEL}`, { headers });
  const publish = (body: string | Buffer, headers: Record<string, string> = {}) =>
    fetch(`${hub.url}/pub?id=${CHANNEL}`, { method: 'POST', body, headers });
  /** what a push-module client sends back of an answer */
  const conditions = ({ headers }: Response): Record<string, string> => ({
    'If-Modified-Since': headers.get('last-modified') ?? '',
    'If-None-Match': headers.get('etag') ?? '',
  });

  it('gives a command as a message, which the next poll acknowledges by its two headers alone', async () => {
    const first = await device.send({ name: 'fan.set', params: { on: true } });
    const second = await device.send({ name: 'fan.set', params: { on: false } });
    const answer = await get('/sub', { 'If-Modified-Since': '', 'If-None-Match': '' });
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.headers.get('vary')).toBe('If-None-Match, If-Modified-Since');
    expect(await answer.json()).toEqual({ id: first.id, name: 'fan.set', params: { on: true } });
    expect(await device.look(first.id)).toMatchObject({ state: 'LEASED' });
    const next = await get('/sub', conditions(answer));
    expect(await next.json()).toMatchObject({ id: second.id });
    expect(await device.look(first.id)).toMatchObject({ state: 'SUCCEEDED', evidence: 'acked' });
  });

  it('gives a command again to a poll that does not name it', async () => {
    const { id } = await device.send({ name: 'a' });
    await get('/sub');
    const waiting = get('/sub');
    await device.parked();
    clock.advance(2_000);
    expect(await (await waiting).json()).toMatchObject({ id });
    expect(await device.look(id)).toMatchObject({ state: 'LEASED', attempt: 2 });
  });

  it('answers 304 when nothing comes in time, and 409 to a poll that a newer one replaces', async () => {
    const older = get('/sub');
    await device.parked();
    const newer = get('/sub');
    expect((await older).status).toBe(409);
    await device.parked();
    clock.advance(22_000);
    expect((await newer).status).toBe(304);
  });

  it('can be asked without waiting', async () => {
    const nothing = await get('/now', { 'If-None-Match': '7' });
    expect([nothing.status, nothing.headers.get('etag')]).toEqual([304, '7']);
    const { id } = await device.send({ name: 'a' });
    expect(await (await get('/now')).json()).toMatchObject({ id });
  });

  it('takes what is published as a command, and gives it as it was published', async () => {
    const waiting = get('/sub');
    await device.parked();
    const published = await publish('größer <1>', { 'Content-Type': 'text/html; charset=utf-8' });
    expect([published.status, await published.text()]).toEqual([
      201,
      'queued messages: 0\r\nlast requested: 0 sec. ago (-1=never)\r\nactive subscribers: 0',
    ]);
    const answer = await waiting;
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await answer.text()).toBe('größer <1>');
    const stored = await publish('{"next":true}', { Accept: 'text/json' });
    expect([stored.status, await stored.json()]).toEqual([202, { messages: 1, requested: 0, subscribers: 0 }]);
    expect(await (await get('/sub', conditions(answer))).text()).toBe('{"next":true}');
  });

  it('refuses what is no text, and to be deleted', async () => {
    expect((await publish(Buffer.from([0xff, 0xfe]))).status).toBe(422);
    const deleted = await fetch(`${hub.url}/pub?id=${CHANNEL}`, { method: 'DELETE' });
    expect(deleted.status).toBe(403);
    expect(await deleted.text()).toMatch(/cancel a command by DELETE \/v1\/devices\/d1\/commands\/ID/);
  });

  it('is served by a location of its own as bare params, with the same acknowledgement', async () => {
    const { id } = await device.send({ name: 'fan.set', params: { on: true } });
    await device.send({ name: 'say', params: 'größer' });
    const first = await fetch(`${hub.url}/device?id=d1`);
    expect([first.headers.get('content-type'), await first.text()]).toEqual(['application/json', '{"on":true}']);
    const second = await fetch(`${hub.url}/device?id=d1`, { headers: conditions(first) });
    expect([second.headers.get('content-type'), await second.text()]).toEqual(['text/plain; charset=utf-8', 'größer']);
    expect(await device.look(id)).toMatchObject({ state: 'SUCCEEDED' });
    expect((await fetch(`${hub.url}/device?id=a%20b`)).status).toBe(400);
  });

  it('is no queue within a channel group', async () => {
    await fetch(`${hub.url}/other?id=${CHANNEL}`, { method: 'POST', body: 'plain' });
    expect(await (await get('/other')).text()).toBe('plain');
    expect((await device.poll()).status).toBe(204);
  });
});
