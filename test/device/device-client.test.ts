import { afterEach, describe, expect, it } from '@jest/globals';
import { DeviceClient, type DeviceClientOptions, RefusedCommand } from '../../src/device/index.js';
import { CuttableWire } from '../support/cuttable-wire.js';
import { eventually } from '../support/eventually.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';
import { type Deed, FakeHub } from './support/fake-hub.js';

const SOON = { leastMs: 1, mostMs: 5 };
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

function deviceAt(hub: string, changed: Partial<DeviceClientOptions> = {}): DeviceClient {
  const device = new DeviceClient({ hub, id: 'fan', retry: SOON, waitSeconds: 5, ...changed });
  closing.push(() => device.stop());
  return device;
}

async function fakeHub(script: { polls?: Deed[]; posts?: Deed[] }): Promise<FakeHub> {
  const hub = await FakeHub.open(script);
  closing.push(() => hub.close());
  return hub;
}

function command(id: string, more: object = {}): Deed {
  const reply = `/v1/devices/fan/commands/${id}/lock-${id}`;
  return {
    status: 200,
    body: { id, name: 'fan.set', params: { id }, lock: `lock-${id}`, ack: 'none', reply, ...more },
  };
}

describe('A device that polls /v1', () => {
  it('acknowledges a command with its next poll', async () => {
    const hub = await fakeHub({ polls: [command('a'), command('b')] });
    const done: unknown[] = [];
    deviceAt(hub.url)
      .handle('fan.set', ({ params }) => void done.push(params))
      .start();
    expect(await hub.lines(3)).toEqual([
      'GET /v1/devices/fan/commands?wait=5',
      'GET /v1/devices/fan/commands?wait=5&ack=lock-a',
      'GET /v1/devices/fan/commands?wait=5&ack=lock-b',
    ]);
    expect(done).toEqual([{ id: 'a' }, { id: 'b' }]);
    const sessions = new Set(hub.asked.map(({ headers }) => headers['signalbox-session']));
    expect(sessions.size).toBe(1);
  });

  it('acknowledges again when the answer to that poll was lost', async () => {
    const hub = await fakeHub({ polls: [command('a'), 'cut', { status: 503 }] });
    deviceAt(hub.url)
      .handle('fan.set', () => {})
      .start();
    const ack = 'GET /v1/devices/fan/commands?wait=5&ack=lock-a';
    expect((await hub.lines(4)).slice(1)).toEqual([ack, ack, ack]);
  });

  it('tells results, failures, refusals and commands that it does not know at once', async () => {
    const posts = Array.from({ length: 5 }, () => ({ status: 204 }));
    const hub = await fakeHub({
      polls: [
        command('a'),
        command('b'),
        command('c'),
        command('d', { name: 'x' }),
        command('e', { name: 'quiet', ack: 'result' }),
      ],
      posts,
    });
    const answers = {
      a: () => ({ on: true }),
      b: () => {
        throw new Error('jammed');
      },
      c: () => {
        throw new RefusedCommand('not in winter');
      },
    };
    deviceAt(hub.url)
      .handle('fan.set', ({ id }) => answers[id as 'a' | 'b' | 'c']())
      .handle('quiet', () => {})
      .start();
    await hub.lines(11);
    const told = hub.asked
      .filter(({ line }) => line.startsWith('POST'))
      .map(({ line, body }) => [line, JSON.parse(body)]);
    expect(told).toEqual([
      ['POST /v1/devices/fan/commands/a/lock-a/result', { status: 200, data: { on: true } }],
      ['POST /v1/devices/fan/commands/b/lock-b/result', { status: 500, data: { error: 'jammed' } }],
      ['POST /v1/devices/fan/commands/c/lock-c/result', { status: 422, data: { error: 'not in winter' } }],
      [
        'POST /v1/devices/fan/commands/d/lock-d/result',
        { status: 422, data: { error: 'This device has no handler for "x".' } },
      ],
      ['POST /v1/devices/fan/commands/e/lock-e/result', { status: 200 }],
    ]);
  });

  it('does a command once that is handed out again, and tells the same result', async () => {
    const hub = await fakeHub({ polls: [command('a'), command('a', { attempt: 2 })], posts: ['cut', { status: 204 }] });
    let times = 0;
    deviceAt(hub.url)
      .handle('fan.set', () => ++times)
      .start();
    await hub.lines(5);
    expect(hub.asked.filter(({ line }) => line.startsWith('POST')).map(({ body }) => body)).toEqual([
      '{"status":200,"data":1}',
      '{"status":200,"data":1}',
    ]);
    expect(times).toBe(1);
  });

  it('goes on after whatever comes, and tells what it went on from', async () => {
    const polls: Deed[] = [
      'cut',
      { status: 500, body: { detail: 'broken' } },
      { status: 204 },
      { status: 200, body: 7 },
    ];
    const hub = await fakeHub({ polls });
    const troubles: string[] = [];
    deviceAt(hub.url, { onTrouble: ({ message }) => troubles.push(message) }).start();
    await hub.lines(5);
    expect(troubles).toEqual([
      'fetch failed',
      'The hub answered 500 at /v1/devices/fan/commands: broken',
      expect.stringMatching(/^The hub ended the poll after \d+ ms without a command\.$/),
      'The hub sent something that is no command: 7',
    ]);
  });

  it('waits as long as the hub asks it to', async () => {
    const hub = await fakeHub({ polls: [{ status: 429, headers: { 'Retry-After': '3600' } }] });
    const troubles: Error[] = [];
    const device = deviceAt(hub.url, { onTrouble: (error) => troubles.push(error) }).start();
    await eventually('the hub refused', () => troubles.length === 1);
    expect(troubles).toMatchObject([{ status: 429, retryAfterMs: 3_600_000 }]);
    await device.stop();
    expect(hub.asked).toHaveLength(1);
  });

  it('ends its poll when it is stopped, and waits for the command under way', async () => {
    const hub = await fakeHub({ polls: [command('a')] });
    let goOn = () => {};
    let isDone = false;
    const work = new Promise<void>((resolve) => (goOn = resolve)).then(() => (isDone = true));
    const device = deviceAt(hub.url)
      .handle('fan.set', () => work)
      .start();
    await hub.lines(1);
    const stopped = device.stop();
    goOn();
    await stopped;
    expect([isDone, hub.asked.length]).toEqual([true, 1]);
  });

  it('is refused with an id that is none, and with two handlers of one name', () => {
    expect(() => new DeviceClient({ hub: 'http://x', id: 'a b' })).toThrow(RangeError);
    const device = deviceAt('http://127.0.0.1:1').handle('fan.set', () => {});
    expect(() => device.handle('fan.set', () => {})).toThrow('Command "fan.set" has a handler already.');
  });
});

describe('Events of a device', () => {
  it('are sent in order, each with an id of its own', async () => {
    const hub = await fakeHub({ posts: [{ status: 202 }, { status: 202 }] });
    const device = deviceAt(hub.url);
    for (const n of [1, 2, 3]) device.report('tick', { n });
    await device.reported();
    const [first] = hub.asked;
    expect(first?.line).toBe('POST /v1/devices/fan/events');
    expect(first?.headers['content-type']).toBe('application/x-ndjson');
    const events = hub.asked.flatMap(({ body }) => body.split('\n').map((line) => JSON.parse(line)));
    expect(events.map(({ type, data }) => [type, data.n])).toEqual([
      ['tick', 1],
      ['tick', 2],
      ['tick', 3],
    ]);
    expect(new Set(events.map(({ id }) => id)).size).toBe(3);
  });

  it('wait while the hub is away, the oldest dropped when they are too many, and are sent with the same ids again', async () => {
    const hub = await fakeHub({ posts: ['cut', { status: 503 }, { status: 404 }, { status: 202 }, { status: 202 }] });
    const device = deviceAt(hub.url, { maxWaitingEvents: 3 });
    for (const n of [1, 2, 3, 4, 5]) device.report('tick', { n });
    expect([device.waitingEvents, device.droppedEvents]).toEqual([3, 2]);
    await device.reported();
    expect(device.waitingEvents).toBe(0);
    const bodies = hub.asked.map(({ body }) => body);
    expect(bodies[0]?.split('\n')).toHaveLength(3);
    expect(new Set(bodies.slice(0, 4)).size).toBe(1);
  });

  it('that the hub does not take are left out, and the others sent', async () => {
    const refused = { status: 422, body: { detail: 'bad type' } };
    const hub = await fakeHub({ posts: [refused, { status: 202 }, refused, { status: 202 }, { status: 202 }] });
    const troubles: string[] = [];
    const device = deviceAt(hub.url, { onTrouble: ({ message }) => troubles.push(message) });
    for (const type of ['a', 'b b', 'c']) device.report(type);
    await device.reported();
    const types = hub.asked.map(({ body }) => body.split('\n').map((line) => JSON.parse(line).type));
    expect(types).toEqual([['a', 'b b', 'c'], ['a'], ['b b'], ['c']]);
    expect(troubles).toEqual(['The hub answered 422 at /v1/devices/fan/events: bad type']);
  });

  it('that were not sent when the device is stopped are told to whoever waits for them', async () => {
    const hub = await fakeHub({});
    const device = deviceAt(hub.url);
    device.report('tick');
    const waiting = device.reported();
    const told = expect(waiting).rejects.toThrow('The device was stopped; 1 events are not sent.');
    await hub.lines(1);
    await device.stop();
    await told;
  });
});

describe('A device of the push module', () => {
  let hub: TestHub;

  async function openHub(port = 0): Promise<TestHub> {
    hub = await startTestHub({ port });
    return hub;
  }

  async function send(n: number): Promise<void> {
    const sent = await fetch(`${hub.url}/v1/devices/fan/commands`, {
      method: 'POST',
      // Of its own, for the one before ended with the hub.
      headers: { Connection: 'close' },
      body: JSON.stringify({ name: 'fan.set', params: { n } }),
    });
    expect(sent.status).toBeLessThan(300);
  }

  it('does each command once, over a cut of the network and a restart of the hub', async () => {
    await openHub();
    closing.push(() => hub.stop());
    const wire = await CuttableWire.to(hub);
    closing.push(() => wire.close());
    const done: unknown[] = [];
    deviceAt(wire.url, { location: '/sub?id=' })
      .handle('fan.set', ({ params }) => void done.push((params as { n: number }).n))
      .start();
    await send(1);
    await eventually('the first command is done', () => done.length === 1);
    wire.cut();
    await send(2);
    wire.mend();
    await eventually('the second command is done', () => done.length === 2);
    await hub.stop();
    await openHub(hub.port);
    await send(3);
    await eventually('the third command is done', () => done.length === 3);
    expect(done).toEqual([1, 2, 3]);
  });
});
