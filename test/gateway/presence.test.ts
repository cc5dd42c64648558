import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { firstValueFrom, type Subscription } from 'rxjs';
import type { PresenceNews } from '../../src/devices/registry/presence-journal.js';
import { eventually } from '../support/eventually.js';
import { ManualClock } from '../support/manual-clock.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';

describe.each([
  ['in the fast lane', true],
  ['through Fastify', false],
])('The presence of a device that is served %s', (_, fastLane) => {
  const clock = new ManualClock();
  let hub: TestHub;
  let told: PresenceNews[];
  let watching: Subscription;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    hub = await startTestHub({ fastLane, clock, yaml: 'limits: { stop_timeout: 0s }\n' });
    told = [];
    watching = hub.channels
      .watch('devices/fan/events/$presence')
      .subscribe(({ message }) => told.push(JSON.parse(message.body.toString())));
  });

  afterEach(async () => {
    watching.unsubscribe();
    for (const socket of sockets.splice(0)) socket.destroy();
    await hub.stop();
  });

  /** Polls for commands, and waits until the poll is parked. */
  async function poll(): Promise<Socket> {
    const socket = connect(hub.port, hub.host);
    sockets.push(socket);
    const before = hub.commands.polls;
    socket.write('GET /sub?id=devices/fan/commands HTTP/1.1\r\nHost: x\r\n\r\n');
    await eventually('the poll is parked', () => hub.commands.polls > before);
    return socket;
  }

  /** Waits until the hub has seen that the client left. */
  async function leave(socket: Socket): Promise<void> {
    const before = hub.commands.polls;
    socket.destroy();
    await eventually('the hub sees that the client left', () => hub.commands.polls < before);
  }

  it('is listening while its poll on a location is open, and late a minute after it left', async () => {
    const socket = await poll();
    expect(told).toMatchObject([{ presence: 'listening', was: 'offline', lastContact: '2026-01-15T12:00:00.000Z' }]);
    clock.advance(3_600_000);
    await leave(socket);
    clock.advance(62_000);
    expect(told.slice(1)).toMatchObject([{ presence: 'late', was: 'expected', nextContactBy: null }]);
    clock.advance(62_000);
    expect(told.slice(2)).toMatchObject([{ presence: 'offline', was: 'late' }]);
  });

  it('is expected after a command was answered to its poll, and after an event', async () => {
    const socket = await poll();
    socket.resume();
    const answered = once(socket, 'data');
    await fetch(`${hub.url}/v1/devices/fan/commands`, { method: 'POST', body: '{"name":"fan.set"}' });
    await answered;
    clock.advance(50_000);
    await fetch(`${hub.url}/v1/devices/fan/events/tick`, { method: 'POST', body: '1' });
    clock.advance(59_000);
    expect(told).toHaveLength(1);
  });

  it('tells of a device by its event alone, which a client can wait for', async () => {
    const news = firstValueFrom(hub.channels.watch('devices/+/events/$presence'));
    await fetch(`${hub.url}/v1/devices/pump/events/tick`, { method: 'POST', body: '1' });
    const { message, channel } = await news;
    expect(channel.key).toBe('devices/pump/events/$presence');
    expect(JSON.parse(message.body.toString())).toMatchObject({ presence: 'expected', was: 'offline' });
    const read = await fetch(`${hub.url}/sub?id=devices/pump/events/$presence`);
    expect(await read.json()).toMatchObject({ presence: 'expected' });
  });

  it('cannot be posted by a device', async () => {
    const posted = await fetch(`${hub.url}/v1/devices/fan/events/$presence`, { method: 'POST', body: '{}' });
    expect([posted.status, await posted.json()]).toMatchObject([400, { code: 'invalid_event_type' }]);
    expect(told).toEqual([]);
  });
});

describe('A hub that has as many devices as it may', () => {
  it('refuses events of further ones, and serves their polls as those of any client', async () => {
    const hub = await startTestHub({ yaml: 'devices: { max_devices: 1 }\n' });
    const event = (id: string) => fetch(`${hub.url}/v1/devices/${id}/events/tick`, { method: 'POST', body: '1' });
    expect((await event('a')).status).toBe(202);
    expect((await event('a')).status).toBe(202);
    const refused = await event('b');
    expect([refused.status, await refused.json()]).toMatchObject([
      507,
      { code: 'device_limit', detail: expect.stringContaining('1 devices, as many as devices.max_devices allows') },
    ]);
    await fetch(`${hub.url}/pub?id=devices/c/commands`, { method: 'POST', body: 'hello' });
    expect(await (await fetch(`${hub.url}/sub?id=devices/c/commands`)).text()).toBe('hello');
    await hub.stop();
  });
});
