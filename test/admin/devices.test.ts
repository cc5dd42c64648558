import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DeviceCalls } from '../gateway/device-api/support.js';
import { eventually } from '../support/eventually.js';
import { ManualClock } from '../support/manual-clock.js';
import { closeRawClients, RawClient } from '../support/raw-client.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';
import { type AdminAnswer, AdminClient } from './support/admin-client.js';

let hub: TestHub;
let admin: AdminClient;
let clock: ManualClock;

beforeEach(async () => {
  clock = new ManualClock();
  hub = await startTestHub({ clock, yaml: 'devices: { registration: closed }\n' });
  admin = await AdminClient.of(hub.adminUrl);
});

afterEach(async () => {
  closeRawClients();
  await hub.stop();
});

function put(id: string, attributes: object): Promise<AdminAnswer> {
  return admin.ask(`/admin/devices/${id}`, { method: 'PUT', body: { attributes } });
}

async function idsAt(path: string): Promise<string[]> {
  const { status, json } = await admin.get(path);
  expect(status).toBe(200);
  return json.devices.map(({ id }: { id: string }) => id);
}

function event(id: string, type: string): Promise<Response> {
  return fetch(`${hub.url}/v1/devices/${id}/events/${type}`, { method: 'POST', body: '1' });
}

describe('PUT /admin/devices/{id}', () => {
  it('registers a device where registration is closed, and then it is served', async () => {
    expect((await event('fan', 'tick')).status).toBe(404);
    const { status, json } = await put('fan', { site: 'north' });
    expect([status, json]).toMatchObject([200, { id: 'fan', attributes: { site: 'north' }, presence: 'offline' }]);
    expect((await event('fan', 'tick')).status).toBe(202);
    const { json: now } = await admin.get('/admin/devices/fan');
    expect(now).toMatchObject({
      presence: 'expected',
      lastContact: '2026-01-15T12:00:00.000Z',
      nextContactBy: '2026-01-15T12:01:00.000Z',
      lastEvents: [{ type: '$presence' }, { type: 'tick', at: '2026-01-15T12:00:00.000Z' }],
      desiredVersion: null,
    });
  });

  it('refuses attributes that are none', async () => {
    const { status, json } = await put('fan', { 'a b': 1 });
    expect([status, json.code]).toEqual([422, 'invalid_payload']);
    expect((await admin.get('/admin/devices/fan')).status).toBe(404);
  });
});

describe('GET /admin/devices', () => {
  beforeEach(async () => {
    for (const [id, site] of [
      ['a', 'north'],
      ['b', 'north-2'],
      ['c', 'south'],
      ['d', 'north'],
    ] as const)
      await put(id, { site });
    await event('b', 'tick');
  });

  it('pages through all of them in order', async () => {
    const { json: first } = await admin.get('/admin/devices?limit=3');
    expect(first.devices.map(({ id }: { id: string }) => id)).toEqual(['a', 'b', 'c']);
    const { json: second } = await admin.get(`/admin/devices?limit=3&after=${first.next}`);
    expect([second.devices[0].id, second.next]).toEqual(['d', null]);
  });

  it('finds them by presence, by an attribute and by its beginning', async () => {
    expect(await idsAt('/admin/devices?presence=expected')).toEqual(['b']);
    expect(await idsAt('/admin/devices?attribute=site%3Dnorth')).toEqual(['a', 'd']);
    expect(await idsAt('/admin/devices?attributePrefix=site%3Dnorth')).toEqual(['b', 'a', 'd']);
    expect(await idsAt('/admin/devices?attributePrefix=site%3Dnorth&presence=expected')).toEqual(['b']);
    const { json } = await admin.get('/admin/devices?attribute=site%3Dnorth&limit=1');
    expect(await idsAt(`/admin/devices?attribute=site%3Dnorth&after=${json.next}`)).toEqual(['d']);
  });

  it('refuses what it does not understand', async () => {
    for (const query of [
      'presence=asleep',
      'attribute=north',
      'attribute=a%3D1&attributePrefix=a%3D1',
      'after=x',
      'limit=0',
    ]) {
      expect([query, (await admin.get(`/admin/devices?${query}`)).status]).toEqual([query, 400]);
    }
  });
});

describe('DELETE /admin/devices/{id}', () => {
  it('answers its open polls 410, and leaves nothing of its commands', async () => {
    await put('fan', {});
    const commands = `${hub.url}/v1/devices/fan/commands`;
    await fetch(`${commands}?wait=0`);
    const poll = await RawClient.connect(hub);
    poll.send('GET /v1/devices/fan/commands?wait=60 HTTP/1.1\r\nHost: hub\r\n\r\n');
    await eventually(
      'the poll waits',
      async () => (await admin.get('/admin/devices/fan')).json.presence === 'listening',
    );
    expect((await admin.delete('/admin/devices/fan')).status).toBe(204);
    expect((await poll.response()).status).toBe(410);
    expect((await admin.get('/admin/devices/fan')).json.code).toBe('device_not_found');
    await put('fan', {});
    expect((await fetch(`${commands}?wait=0`)).status).toBe(204);
  });

  it('takes the commands that wait with it', async () => {
    await put('fan', {});
    const commands = `${hub.url}/v1/devices/fan/commands`;
    const sent = await fetch(commands, { method: 'POST', body: '{"name":"fan.set"}' });
    const { id } = (await sent.json()) as { id: string };
    expect((await admin.get(`/admin/devices/fan/why?command=${id}`)).status).toBe(200);
    await admin.delete('/admin/devices/fan');
    await put('fan', {});
    expect((await fetch(`${commands}?wait=0`)).status).toBe(204);
    expect((await fetch(`${commands}/${id}`)).status).toBe(404);
  });
});

describe('GET /admin/devices/{id}/why', () => {
  it('tells what the device did, and what became of a command', async () => {
    await put('fan', {});
    const commands = `${hub.url}/v1/devices/fan/commands`;
    const { id } = (await (await fetch(commands, { method: 'POST', body: '{"name":"fan.set"}' })).json()) as {
      id: string;
    };
    clock.advance(1_000);
    const { lock } = (await (await fetch(`${commands}?wait=0`)).json()) as { lock: string };
    clock.advance(1_000);
    await fetch(`${commands}?wait=0&ack=${lock}`);
    const { status, json } = await admin.get(`/admin/devices/fan/why?command=${id}`);
    expect(status).toBe(200);
    expect(json.now).toMatch(
      new RegExp(`^Device "fan" is expected\\. Command 1 \\("fan\\.set", ${id}\\) is SUCCEEDED\\.$`),
    );
    const sentences = json.steps.map(({ sentence }: { sentence: string }) => sentence);
    expect(sentences).toContain('Its poll was answered with command 1.');
    expect(sentences).toContain('Its poll acknowledged command 1.');
    expect(sentences.filter((text: string) => text === 'The device polled for commands.')).toHaveLength(2);
    expect(sentences.join(' ')).toContain('became LEASED');
    expect((await admin.get('/admin/devices/fan/why?command=01J')).json.code).toBe('command_not_found');
    expect((await admin.get('/admin/devices/ghost/why')).json.code).toBe('device_not_found');
  });

  it('tells what the device said of commands and how that was taken, whichever way it went', async () => {
    await put('fan', {});
    const fan = new DeviceCalls(hub, 'fan');
    const { id } = await fan.send({ name: 'fan.set', ack: 'result' });
    const first = await fan.take();
    // The answer was lost.
    expect((await fan.poll()).status).toBe(204);
    clock.advance(1_000);
    const second = await fan.take();
    const report = async (lock: string, verb: string) => (await fan.post(`/commands/${id}/${lock}/${verb}`)).status;
    expect(await report(first.lock, 'reject')).toBe(412);
    expect((await fan.poll(`&ack=${second.lock}`)).status).toBe(204);
    expect(await report(second.lock, 'progress')).toBe(204);
    expect(await report(second.lock, 'complete')).toBe(204);
    expect(await report(second.lock, 'complete')).toBe(204);
    expect((await fan.post('/commands/01J/x/abandon')).status).toBe(404);
    const { json } = await admin.get(`/admin/devices/fan/why?command=${id}`);
    const sentences: string[] = json.steps.map(({ sentence }: { sentence: string }) => sentence);
    expect(sentences.filter((text) => !text.startsWith('Command') && !text.startsWith('The device polled'))).toEqual([
      'Its poll was answered with command 1.',
      'Its poll did not name the lock of command 1: the answer with it was lost, and it is given again.',
      'Its poll ended: no command came in time.',
      'Its poll was answered with command 1.',
      'It rejected command 1 under a lock that does not hold it any more; nothing changed.',
      'Its poll acknowledged command 1.',
      'Its poll ended: no command came in time.',
      'It said that it is still at command 1.',
      'It said that command 1 is done.',
      'It said that command 1 is done, as it had said before.',
      expect.stringMatching(/^It gave a command back and was refused: /),
    ]);
  });

  it('tells late words, polls that were taken over, several commands in one answer, and polls on locations', async () => {
    await put('fan', {});
    const fan = new DeviceCalls(hub, 'fan');
    const [{ id }] = [await fan.send({ name: 'a' }), await fan.send({ name: 'b' })];
    const [{ lock }] = await fan.take('&max=2');
    clock.advance(70_000);
    expect((await fan.post(`/commands/${id}/${lock}/complete`)).status).toBe(202);
    clock.advance(1_000);
    for (const ack of [lock, lock]) expect((await fan.poll(`&ack=${ack}`)).status).toBe(204);
    const waiting = fetch(fan.url('/commands?wait=20'));
    await fan.parked();
    const newer = fetch(`${hub.url}/sub?id=devices/fan/commands`);
    expect((await waiting).status).toBe(409);
    await fan.parked();
    await fan.send({ name: 'c' });
    expect((await newer).status).toBe(200);
    const { json } = await admin.get('/admin/devices/fan/why');
    const sentences: string[] = json.steps.map(({ sentence }: { sentence: string }) => sentence);
    expect(sentences.filter((text) => !text.startsWith('The device polled'))).toEqual([
      'Its poll was answered with several commands, the first of them command 1.',
      'It said that command 1 is done, late: its lock was lost or its time was up by then.',
      'Its poll acknowledged command 2, late: its lock was lost or its time was up by then.',
      'Its poll ended: no command came in time.',
      'Its poll named a lock that holds no command any more; nothing changed.',
      'Its poll ended: no command came in time.',
      'Its poll ended: a newer poll of the device took its place.',
      'Its poll was answered with command 3.',
    ]);
  });
});
