import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogicClient } from '../e2e/support/logic-client.js';
import { ManualClock } from '../support/manual-clock.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';
import { AdminClient } from './support/admin-client.js';

const YAML = `
limits: { stop_timeout: 0s }
logic_servers:
  heating:
    events: [devices/+/events/temperature]
    timers: [fan-off, report]
    grants: { command: [{ device: '#', names: [fan.set] }] }
`;
const TIMERS = '/admin/plugins/heating/timers';

let hub: TestHub;
let clock: ManualClock;
let admin: AdminClient;
let heating: LogicClient;
let data: string;

async function start(engine: 'memory' | 'lmdb'): Promise<void> {
  hub = await startTestHub({ yaml: YAML, clock, engine, data });
  admin = await AdminClient.of(hub.adminUrl);
  heating = new LogicClient(hub.adminUrl, 'heating');
}

beforeEach(async () => {
  clock = new ManualClock();
  data = await mkdtemp(join(tmpdir(), 'signalbox-timers-'));
});

afterEach(async () => {
  await hub.stop();
  await rm(data, { recursive: true, force: true });
});

/** A device reports, and the turn for that asks for something. @returns the event as causes have it */
async function turnFor(device: string, reply: unknown): Promise<string> {
  const answer = await fetch(`${hub.url}/v1/devices/${device}/events/temperature`, { method: 'POST', body: '{}' });
  const { position } = (await answer.json()) as { position: string };
  await heating.answer(await heating.one('wait=5'), reply);
  return `event devices/${device}/events/temperature ${position}`;
}

/** Lets a minute pass, and the turn of the timer that comes then ask for something. */
async function ring(reply: unknown): Promise<void> {
  clock.advance(61_000);
  await heating.answer(await heating.one('wait=30'), reply);
}

async function listed(query = ''): Promise<{ names: string[]; next: string | null }> {
  const { timers, next } = (await admin.get(`${TIMERS}${query}`)).json;
  return { names: timers.map(({ name, key }: { name: string; key: string }) => `${name} ${key}`), next };
}

const fanOff = (after: string, more = {}) => ({ timers: [{ name: 'fan-off', after, ...more }] });
const FAN = { commands: [{ device: 'fan-1', name: 'fan.set' }] };
const REPORTED = 'Device "fan-1" reported it, by POST to /v1/devices/fan-1/events/temperature or in a batch.';

describe.each(['memory', 'lmdb'] as const)('Timers that wait, kept by %s', (engine) => {
  it('are listed with their times and causes, those that come first at the head', async () => {
    await start(engine);
    const now = clock.now();
    const event = await turnFor('fan-1', fanOff('15m', { data: { speed: 2 } }));
    await turnFor('fan-2', { timers: [{ name: 'report', after: '1m', key: 'all', every: '1h', missed: 'skip' }] });
    const { json } = await admin.get(TIMERS);
    expect(json.timers[1]).toEqual({
      ...{ name: 'fan-off', key: 'fan-1', dueAt: new Date(now + 900_000).toISOString(), every: null },
      ...{ missed: 'fireOnce', data: '{"speed":2}' },
      cause: {
        sentence: `heating.event of "heating" asked for it in its turn for ${event}.`,
        ...{ plugin: 'heating', version: null, handler: 'heating.event', by: event, depth: 1 },
      },
    });
    expect(json.timers[0]).toMatchObject({ name: 'report', key: 'all', every: '1h', missed: 'skip', data: null });
    expect(json).toMatchObject({ next: null, timers: { length: 2 } });
  });

  it('come page by page, of one key or of all', async () => {
    await start(engine);
    for (const [i, device] of ['c', 'a', 'b'].entries()) {
      const report = { name: 'report', after: `${10 - i}m`, key: device };
      await turnFor(device, { timers: [{ name: 'fan-off', after: `${i + 1}m` }, report] });
    }
    const all = ['fan-off c', 'fan-off a', 'fan-off b', 'report b', 'report a', 'report c'];
    expect(await listed()).toEqual({ names: all, next: null });
    const pages: string[][] = [];
    for (let after: string | null = ''; after !== null; ) {
      const page = await listed(`?limit=4${after && `&after=${encodeURIComponent(after)}`}`);
      pages.push(page.names);
      after = page.next;
    }
    expect(pages).toEqual([all.slice(0, 4), all.slice(4)]);
    const first = await listed('?key=a&limit=1');
    expect(first.names).toEqual(['fan-off a']);
    expect(await listed(`?key=a&limit=1&after=${encodeURIComponent(first.next as string)}`)).toEqual({
      ...{ names: ['report a'], next: null },
    });
    expect(await listed('?key=nobody')).toEqual({ names: [], next: null });
  });
});

describe('Why a timer was set', () => {
  it('is the turn that set it, and what led to that, also after a restart', async () => {
    await start('lmdb');
    const event = await turnFor('fan-1', fanOff('15m', { every: '1h' }));
    await hub.stop();
    await start('lmdb');
    const { json } = await admin.get('/admin/why/timers?plugin=heating&name=fan-off&key=fan-1');
    expect(json.now).toMatch(
      /^Timer "fan-off" of "heating" for "fan-1" comes at 2026-\S+Z, and then every 1h\. heating/,
    );
    expect(json.now).toContain(` in its turn for ${event}.`);
    expect(json.because).toEqual([expect.stringContaining(REPORTED)]);
  });

  it('cannot be told of a timer that does not wait', async () => {
    await start('memory');
    const { status, json } = await admin.get('/admin/why/timers?plugin=heating&name=fan-off&key=fan-1');
    expect([status, json.code]).toEqual([404, 'timer_not_found']);
    expect((await admin.get(`${TIMERS}?after=x`)).json.code).toBe('invalid_cursor');
  });
});

describe('Why a command of a timer was sent', () => {
  const whyCommand = async () => {
    const answer = await fetch(`${hub.url}/v1/devices/fan-1/commands?wait=0`);
    const { id } = (await answer.json()) as { id: string };
    return (await admin.get(`/admin/why/commands/${id}`)).json;
  };

  it('goes back through the turns that set it anew to the event that began it', async () => {
    await start('lmdb');
    const event = await turnFor('fan-1', fanOff('1m'));
    for (let i = 0; i < 20; i++) await ring(fanOff('1m'));
    await hub.stop();
    await start('lmdb');
    await ring(FAN);
    const { now, because } = await whyCommand();
    expect(now).toContain(
      'in its turn for timer fan-off fan-1, set by heating.timer of "heating" for timer fan-off fan-1.',
    );
    expect(because).toEqual([
      `The timer fan-off fan-1 was set by heating.event of "heating" for ${event}, and then 20 times anew by its own turn.`,
      expect.stringContaining(REPORTED),
    ]);
  });

  it('names the first of many timers that set each other', async () => {
    await start('memory');
    const event = await turnFor('fan-1', fanOff('1m'));
    for (let i = 0; i < 12; i++) {
      await ring({ timers: [{ name: i % 2 === 0 ? 'report' : 'fan-off', after: '1m', key: 'fan-1' }] });
    }
    await ring(FAN);
    const { because } = await whyCommand();
    expect(because).toHaveLength(8);
    expect(because[0]).toMatch(
      /^The timer report fan-1 was set by heating\.timer of "heating" for timer fan-off fan-1\.$/,
    );
    expect(because[6]).toBe(`The first of the timers before that was set by heating.event of "heating" for ${event}.`);
    expect(because[7]).toContain(REPORTED);
  });
});
