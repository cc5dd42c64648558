import { afterEach, describe, expect, it } from '@jest/globals';
import { HEARTBEAT_MS } from '../../../src/admin/recording/recorder.js';
import { channelKey } from '../../../src/channels/channel-key.js';
import { HubError } from '../../../src/channels/hub-error.js';
import { EngineError } from '../../../src/engine/message-log.js';
import { publish } from '../../channels/support/made-channels.js';
import { eventually } from '../../support/eventually.js';
import { ManualClock } from '../../support/manual-clock.js';
import { RecordedLog } from '../../support/recorded-log.js';
import { startTestHub, type TestHub } from '../../support/start-hub.js';
import { RecordingClient } from './support/recording-client.js';

describe('GET /admin/recording', () => {
  let hub: TestHub;
  const clients: RecordingClient[] = [];

  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await hub.stop();
  });

  async function record(query = ''): Promise<RecordingClient> {
    const client = await RecordingClient.open(hub.adminUrl, query);
    clients.push(client);
    return client;
  }

  async function report(device: string, type: string, body: unknown): Promise<void> {
    const { status } = await fetch(`${hub.url}/v1/devices/${device}/events/${type}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    expect(status).toBe(202);
  }

  it('tells events, the commands that they bring about with their cause, and what becomes of these', async () => {
    hub = await startTestHub();
    const client = await record();
    expect(client.header).toMatchObject({ version: 1, hub: expect.any(String), patterns: ['devices/#'] });
    await report('fan-1', 'temperature', { celsius: 31.5 });
    await eventually('the command is there', () => client.told.some((line) => line.startsWith('outcome')));
    await fetch(`${hub.url}/v1/devices/fan-1/commands?wait=0`);
    const told = await eventuallyEnds(client, 'outcome devices/fan-1/outcomes LEASED');
    expect(told.filter((line) => !line.includes('$presence'))).toEqual([
      'event devices/fan-1/events/temperature {"celsius":31.5}',
      'command devices/fan-1/commands fan.set {"on":true}',
      'outcome devices/fan-1/outcomes QUEUED',
      'outcome devices/fan-1/outcomes LEASED',
    ]);
    const event = client.lines.find(({ kind }) => kind === 'event');
    expect(client.lines.find(({ kind }) => kind === 'command')).toMatchObject({
      position: expect.stringMatching(/^\d+:\d+$/),
      contentType: 'application/json',
      cause: {
        plugin: 'thermostat',
        handler: 'thermostat.regulate',
        by: `event devices/fan-1/events/temperature ${(event as { position: string }).position}`,
        depth: 1,
      },
      body: { json: { name: 'fan.set', params: { on: true }, seq: 1, ack: 'delivered', lane: 'main', ttl: 3_600 } },
    });
  });

  async function eventuallyEnds(client: RecordingClient, line: string): Promise<string[]> {
    await eventually(`the line "${line}" has come`, () => client.told.at(-1) === line);
    return client.told;
  }

  it('tells what matches one of the patterns, and nothing else', async () => {
    hub = await startTestHub();
    const client = await record('?pattern=devices/%2B/commands&pattern=devices/pump/events/%23');
    await report('fan-1', 'temperature', { celsius: 31.5 });
    await client.has(1);
    await report('pump', 'level', { metres: 1 });
    publish(hub.channels, 'alarms', 'fire');
    publish(hub.channels, 'devices/pump/notes', 'mine');
    publish(hub.channels, channelKey('plant', 'devices/pump/events/state'), 'other');
    publish(hub.channels, 'devices/fan-1/outcomes', '{"forged":true}');
    await hub.commands.send('pump', 'stop', undefined);
    expect((await client.has(3)).filter((line) => !line.includes('$presence'))).toEqual([
      'command devices/fan-1/commands fan.set {"on":true}',
      'event devices/pump/events/level {"metres":1}',
      'command devices/pump/commands stop {}',
    ]);
    expect(client.lines.at(-1)).toMatchObject({ cause: null });
  });

  it('tells what is kept before what comes, by time, and each message once', async () => {
    const clock = new ManualClock();
    hub = await startTestHub({ clock });
    for (const type of ['b', 'a', 'b']) {
      publish(hub.channels, `devices/d/events/${type}`, String(clock.now() % 60_000));
      clock.advance(1_000);
    }
    await hub.commands.send('d', 'go', { fast: true });
    const client = await record('?from=oldest');
    publish(hub.channels, 'devices/d/events/a', '"live"');
    expect(await client.has(6)).toEqual([
      'event devices/d/events/b 0',
      'event devices/d/events/a 1000',
      'event devices/d/events/b 2000',
      'command devices/d/commands go {"fast":true}',
      'outcome devices/d/outcomes QUEUED',
      'event devices/d/events/a "live"',
    ]);
    const since = await record(`?from=${new Date(clock.now() - 2_000).toISOString()}&pattern=devices/d/events/%23`);
    expect(await since.has(3)).toEqual([
      'event devices/d/events/a 1000',
      'event devices/d/events/b 2000',
      'event devices/d/events/a "live"',
    ]);
  });

  it('tells what was published while it joined, once', async () => {
    const clock = new ManualClock();
    hub = await startTestHub({ clock });
    publish(hub.channels, 'devices/d/events/a', '0');
    const { log } = hub.channels.open('devices/d/events/a');
    const read = log.read.bind(log);
    let number = 0;
    Object.assign(log, {
      read: (...args: Parameters<typeof read>) => {
        if (number < 3) publish(hub.channels, 'devices/d/events/a', String(++number));
        return read(...args);
      },
    });
    const client = await record('?from=oldest');
    publish(hub.channels, 'devices/d/events/a', '"end"');
    await eventuallyEnds(client, 'event devices/d/events/a "end"');
    expect(client.told).toEqual([0, 1, 2, 3, '"end"'].map((body) => `event devices/d/events/a ${body}`));
  });

  it('tells that the hub no longer has all since then', async () => {
    const clock = new ManualClock();
    hub = await startTestHub({ clock });
    clock.advance(1_000);
    const start = new Date(clock.now()).toISOString();
    clock.advance(1_000);
    for (let i = 0; i < 12; i++) await report('d', 'a', i);
    await report('d', 'b', 0);
    const client = await record(`?from=${start}&pattern=devices/d/events/%2B`);
    const [gap, ...rest] = (await client.has(12)).filter((line) => !line.includes('$presence'));
    expect(gap).toBe(
      'gap null Of 1 channels, such as devices/d/events/a, the hub no longer has all that was published since then.',
    );
    expect(rest).toHaveLength(11);
    const later = await record('?from=oldest&pattern=devices/d/events/a');
    expect((await later.has(10))[0]).toBe('event devices/d/events/a 2');
  });

  it('tells that a hub without a disk has nothing from before its start', async () => {
    const clock = new ManualClock();
    hub = await startTestHub({ clock });
    const client = await record(`?from=${new Date(clock.now() - 1).toISOString()}`);
    expect(await client.has(1)).toEqual([
      'gap null The hub was started at 2026-01-15T12:00:00.000Z and keeps nothing of the time before.',
    ]);
  });

  it('tells how much it left out when nobody reads, and the hub goes on', async () => {
    hub = await startTestHub();
    const client = await record('?pattern=devices/d/events/%2B');
    client.pause();
    const body = JSON.stringify('x'.repeat(2 ** 17));
    for (let i = 0; i < 400; i++) publish(hub.channels, 'devices/d/events/a', body);
    await report('d', 'b', 0);
    client.resume();
    await eventually('the gap is told', () => client.lines.some(({ kind }) => kind === 'gap'));
    const events = client.lines.filter(({ kind }) => kind === 'event').length;
    const gap = client.lines.find((line) => line.kind === 'gap');
    expect(gap).toMatchObject({ reason: 'The recorder was slower than the hub.' });
    expect(events).toBeLessThan(300);
    await report('d', 'b', 1);
    await eventuallyEnds(client, 'event devices/d/events/b 1');
  });

  it('shows that the hub is there when nothing happens', async () => {
    const clock = new ManualClock();
    hub = await startTestHub({ clock });
    const client = await record();
    for (let beats = 1; beats <= 2; beats++) {
      clock.advance(HEARTBEAT_MS);
      await eventually('the hub has shown itself', () => client.beats === beats);
    }
    expect(client.lines).toEqual([]);
  });

  it('ends with the hub, behind what was published', async () => {
    hub = await startTestHub();
    const client = await record();
    publish(hub.channels, 'devices/d/events/a', '1');
    await hub.stop();
    await eventually('the recording has ended', () => client.isOver);
    expect(client.told).toEqual(['event devices/d/events/a 1']);
  });

  it('is refused when as many are made as there may be, until one ends', async () => {
    hub = await startTestHub();
    const open = await Promise.all(Array.from({ length: 8 }, () => record()));
    const refused = await RecordingClient.ask(hub.adminUrl);
    expect(refused.statusCode).toBe(429);
    refused.resume();
    open[0]?.close();
    await eventually('one has ended', async () => {
      const answer = await RecordingClient.ask(hub.adminUrl);
      answer.destroy();
      return answer.statusCode === 200;
    });
  });

  it('is not begun for HEAD, which asks for no lines', async () => {
    hub = await startTestHub();
    for (let i = 0; i < 9; i++) {
      const { statusCode, headers } = await RecordingClient.ask(hub.adminUrl, '', 'HEAD');
      expect([statusCode, headers['content-type']]).toEqual([200, 'application/x-ndjson']);
    }
    await record();
  });

  it('is cut off when the hub cannot read what it has to tell, and the log tells why', async () => {
    const logger = new RecordedLog();
    hub = await startTestHub({ logger });
    const client = await record('?pattern=devices/%2B/commands');
    Object.assign(hub.commands, { find: () => Promise.reject(new EngineError('engine_unavailable', 'It is away.')) });
    await hub.commands.send('d', 'go', {});
    await eventually('the recording is cut', () => client.isCut);
    expect(client.isOver).toBe(false);
    expect(logger.lines.map(({ sentence }) => sentence).join()).toContain('It is away.');
  });

  it('tells of a command that was forgotten before it was recorded', async () => {
    hub = await startTestHub();
    const client = await record('?pattern=devices/%2B/commands');
    Object.assign(hub.commands, {
      find: () => Promise.reject(new HubError('command_not_found', 'There is no such command.')),
    });
    await hub.commands.send('d', 'go', {});
    expect((await client.has(1))[0]).toMatch(/^gap 1 Command \w{26} of d was forgotten before it was recorded\.$/);
  });

  it.each([
    ['?pattern=', '"pattern" is "". A channel pattern is allowed'],
    ['?pattern=a/%23/b', '"pattern" is "a/#/b". A channel pattern is allowed'],
    [`?${'pattern=a&'.repeat(17)}`, 'or 16 at most'],
    ['?from=noon', '"from" is "noon". "now", "oldest" or a time with its zone is allowed'],
    ['?from=2026-11-23', '"from" is "2026-11-23".'],
    ['?to=now', '"to" is not known here.'],
  ])('refuses %s', async (query, sentence) => {
    hub = await startTestHub();
    const answer = await RecordingClient.ask(hub.adminUrl, query);
    expect(answer.statusCode).toBe(400);
    expect(JSON.parse(Buffer.concat(await answer.toArray()).toString()).detail).toContain(sentence);
  });
});
