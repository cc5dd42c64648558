import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { emptyFolder } from '../../engine/lmdb/support/lmdb-under-test.js';
import { atBothDoors } from '../../support/both-doors.js';
import { eventually } from '../../support/eventually.js';
import { ManualClock } from '../../support/manual-clock.js';
import { closeRawClients, RawClient } from '../../support/raw-client.js';
import { startTestHub, type TestHub } from '../../support/start-hub.js';
import { DeviceCalls, type Json } from './support.js';

let hub: TestHub;
let calls: DeviceCalls;

afterEach(async () => {
  closeRawClients();
  await hub.stop();
});

async function put(document: object, query = '', headers: Record<string, string> = {}): Promise<Json> {
  const body = JSON.stringify(document);
  const response = await fetch(calls.url(`/desired${query}`), { method: 'PUT', headers, body });
  return { status: response.status, ...((await response.json()) as object) };
}

const get = (query: string, headers: Record<string, string> = {}) => fetch(calls.url(`/desired${query}`), { headers });
const parked = (count = 1) =>
  eventually(`${count} requests wait`, () => hub.channels.find('devices/d1/desired')?.polls.size === count);
const reported = async () => ((await (await get('')).json()) as Json).reported;

atBothDoors('A request that waits for a desired state', ({ fastLane }) => {
  let clock: ManualClock;
  beforeEach(async () => {
    clock = new ManualClock();
    hub = await startTestHub({ clock, fastLane });
    calls = new DeviceCalls(hub);
    await fetch(calls.url(''), { method: 'PUT' });
  });

  it('is answered at once with another version than it has, and notes the one that it has when it waits', async () => {
    const first = await put({ n: 1 });
    expect(await (await get('?wait=20')).json()).toMatchObject({ version: first.version, document: { n: 1 } });
    expect(await (await get('?wait=20&after=0')).json()).toMatchObject({ version: first.version });
    const waiting = get(`?wait=20&after=${first.version}`);
    await parked();
    expect(await reported()).toMatchObject({ version: first.version });
    const second = await put({ n: 2 });
    const answer = await waiting;
    expect(answer.headers.get('etag')).toBe(`"${second.version}"`);
    expect(await answer.json()).toMatchObject({ version: second.version, document: { n: 2 } });
  });

  it('is answered with the first state of a device that has none', async () => {
    const waiting = get('', { Prefer: 'wait=20' });
    await parked();
    const { version } = await put({ n: 1 });
    expect(await (await waiting).json()).toMatchObject({ version });
  });

  it('gets 204 when nothing comes in time', async () => {
    const { version } = await put({ n: 1 });
    const waiting = get(`?wait=20&after=${version}`);
    await parked();
    clock.advance(22_000);
    const answer = await waiting;
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([204, 'no-store']);
    await parked(0);
  });

  it('gets 304 when it named what it has read by If-None-Match, which reports nothing', async () => {
    const { version } = await put({ n: 1 });
    const seen = { 'If-None-Match': `"${version}"` };
    expect((await get('', seen)).status).toBe(304);
    const waiting = get('?wait=20', seen);
    await parked();
    clock.advance(22_000);
    expect((await waiting).status).toBe(304);
    expect(await reported()).toBeNull();
    expect((await get('', { 'If-None-Match': '"1000000"' })).status).toBe(200);
  });

  it('goes on waiting when something else is published on the channel', async () => {
    const { version } = await put({ n: 1 });
    const waiting = get(`?wait=20&after=${version}`);
    await parked();
    await fetch(`${hub.url}/pub?id=devices/d1/desired`, { method: 'POST', body: 'x' });
    await parked();
    const second = await put({ n: 2 });
    expect(await (await waiting).json()).toMatchObject({ version: second.version });
  });

  it('gets 410 when its device is deleted', async () => {
    const waiting = get('?wait=20');
    await parked();
    await fetch(`${hub.adminUrl}/admin/devices/d1`, { method: 'DELETE' });
    const answer = await waiting;
    expect([answer.status, await answer.json()]).toMatchObject([410, { detail: 'Device "d1" was deleted.' }]);
  });

  it('leaves when its client does, and the next request of a connection is answered for itself', async () => {
    const client = await RawClient.connect(hub);
    client.send('GET /v1/devices/d1/desired?wait=20 HTTP/1.1\r\nHost: h\r\n\r\n');
    await parked();
    client.close();
    await parked(0);
    const next = await RawClient.connect(hub);
    next.send('GET /v1/devices/d1/desired?wait=1 HTTP/1.1\r\nHost: h\r\n\r\n');
    await parked();
    clock.advance(3_000);
    expect((await next.response()).status).toBe(204);
    next.send('GET /v1/devices/d1/desired?wait=20 HTTP/1.1\r\nHost: h\r\n\r\n');
    await parked();
    await put({ n: 1 });
    expect((await next.response()).status).toBe(200);
  });

  it('is ended by a stop of the hub', async () => {
    const waiting = get('?wait=20');
    await parked();
    const stopped = hub.stop();
    expect((await waiting).status).toBe(204);
    await stopped;
  });

  it('is refused when what it asks for is impossible', async () => {
    for (const query of ['?wait=x', '?after=x', '?after=-1']) expect((await get(query)).status).toBe(400);
    const odd = await fetch(`${hub.url}/v1/devices/a%20b/desired?wait=20`);
    expect([odd.status, await odd.json()]).toMatchObject([400, { code: 'invalid_device_id' }]);
  });
});

describe('A desired state that is pushed', () => {
  beforeEach(async () => {
    hub = await startTestHub({ yaml: 'devices: { command_buffer_length: 2 }\n' });
    calls = new DeviceCalls(hub);
    await fetch(calls.url(''), { method: 'PUT' });
  });

  it('comes to the device as a command of its own, the newest in place of older ones that wait', async () => {
    const older = await put({ n: 1 }, '?push=true');
    expect(older.push).toMatchObject({ delivered: false, href: `/v1/devices/d1/commands/${older.push.id}` });
    const { version, push } = await put({ n: 2 }, '?push=true');
    expect(await calls.take()).toMatchObject({
      id: push.id,
      name: 'desired.set',
      params: { version, document: { n: 2 } },
    });
    expect(await calls.look(older.push.id)).toMatchObject({ state: 'CANCELED', cause: 'superseded' });
  });

  it('answers a poll for commands that waits', async () => {
    const waiting = fetch(calls.url('/commands?wait=20'));
    await calls.parked();
    expect((await put({ n: 1 }, '?push=true')).push.delivered).toBe(true);
    expect(await (await waiting).json()).toMatchObject({ name: 'desired.set' });
  });

  it('brings the newest of changes that were made at the same time', async () => {
    const all = await Promise.all([1, 2, 3, 4].map((n) => put({ n }, '?push=true')));
    const newest = Math.max(...all.map(({ version }) => version));
    expect(await calls.take()).toMatchObject({ params: { version: newest } });
    expect((await calls.poll('&ack=x')).status).toBe(204);
  });

  it('is not pushed unless that is asked for', async () => {
    expect(await put({ n: 1 })).not.toHaveProperty('push');
    expect((await calls.poll()).status).toBe(204);
    expect(await put({ n: 1 }, '?push=yes')).toMatchObject({
      status: 400,
      detail: '"push" must be true or false; this one is "yes".',
    });
  });

  it('stays as it was when the queue is full', async () => {
    const { version } = await put({ n: 1 });
    for (const name of ['a', 'b']) await calls.send({ name });
    const refused = await put({ n: 2 }, '?push=true');
    expect(refused).toMatchObject({
      status: 429,
      code: 'queue_full',
      detail: expect.stringContaining('has 2 commands'),
    });
    expect(await (await get('')).json()).toMatchObject({ version, document: { n: 1 } });
  });

  it('is not pushed when it is not changed', async () => {
    const refused = await put({ n: 1 }, '?push=true', { 'If-Match': '"1"' });
    expect(refused).toMatchObject({ status: 412, code: 'version_conflict' });
    expect((await calls.poll()).status).toBe(204);
  });
});

describe('A desired state on disk', () => {
  it('is there after a restart with its version, and a request waits for the next one', async () => {
    const data = emptyFolder();
    hub = await startTestHub({ engine: 'lmdb', data });
    calls = new DeviceCalls(hub);
    await fetch(calls.url(''), { method: 'PUT' });
    const { version } = await put({ n: 1 });
    await hub.stop();
    hub = await startTestHub({ engine: 'lmdb', data });
    calls = new DeviceCalls(hub);
    expect(await (await get('')).json()).toMatchObject({ version });
    const waiting = get(`?wait=20&after=${version}`);
    await parked();
    const next = await put({ n: 2 });
    expect(next.version).toBeGreaterThan(version);
    expect(await (await waiting).json()).toMatchObject({ version: next.version, document: { n: 2 } });
  });
});
