import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { HandedTurn } from '../../src/logic/external/logic-servers.js';
import { AdminClient } from '../admin/support/admin-client.js';
import { eventually } from '../support/eventually.js';
import { ManualClock } from '../support/manual-clock.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';
import { LogicClient } from './support/logic-client.js';

const YAML = `
limits: { stop_timeout: 0s }
plugins: { thermostat: { enabled: off } }
logic_servers:
  heating:
    events: [devices/+/events/temperature]
    outcomes: [fan.set]
    timers: [fan-off]
    outbox: [mail]
    grants:
      command:
        - { device: '#', names: [fan.set] }
        - { device: '#', names: [bell], rate: 1/m }
      publish: [plant/#]
    retries: 1
`;

let hub: TestHub;
let clock: ManualClock;
let admin: AdminClient;
afterEach(() => hub.stop());

async function start(yaml = YAML): Promise<LogicClient> {
  clock = new ManualClock();
  hub = await startTestHub({ yaml, clock });
  admin = await AdminClient.of(hub.adminUrl);
  return new LogicClient(hub.adminUrl, 'heating');
}

async function post(device: string, data: unknown): Promise<void> {
  const body = typeof data === 'string' ? data : JSON.stringify(data);
  const answer = await fetch(`${hub.url}/v1/devices/${device}/events/temperature`, { method: 'POST', body });
  expect(answer.status).toBe(202);
}

async function nextCommand(device: string) {
  const answer = await fetch(`${hub.url}/v1/devices/${device}/commands?wait=0`);
  return answer.status === 200 ? ((await answer.json()) as { id: string; lock: string; params: unknown }) : undefined;
}

async function status() {
  const { json } = await admin.get('/admin/plugins');
  return json.plugins.find(({ name }: { name: string }) => name === 'heating');
}

/** Turns that have failed wait for some time. */
async function oneInTime(client: LogicClient): Promise<HandedTurn> {
  let [turn] = await client.next();
  await eventually('a turn is handed out', async () => {
    if (turn) return true;
    clock.advance(1_000);
    [turn] = await client.next();
    return false;
  });
  return turn as HandedTurn;
}

/** Sends an answer to a turn and is gone at once, as a client that is killed. @param bytes of it that are sent */
async function answerAndDie({ lock }: HandedTurn, reply: string, bytes = reply.length): Promise<void> {
  const { hostname, port } = new URL(hub.adminUrl);
  const socket = connect(Number(port), hostname);
  const head = `POST /v1/logic/heating/turns/${lock} HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: application/json`;
  socket.end(`${head}\r\nContent-Length: ${reply.length}\r\n\r\n${reply.slice(0, bytes)}`);
  await once(socket, 'finish');
  socket.destroy();
}

async function deadLetters() {
  const { json } = await admin.get('/admin/plugins/heating/dead-letters');
  return json.letters;
}

describe('A logic server outside of the hub', () => {
  it('is handed an event, and what it asks for is done', async () => {
    const client = await start();
    await post('fan-1', { celsius: 31.5 });
    const turn = await client.one();
    expect(turn).toEqual({
      lock: expect.stringMatching(/^[\w-]{16}$/),
      attempt: 1,
      handler: 'heating.event',
      kind: 'event',
      key: 'fan-1',
      deadline: new Date(clock.now() + 60_000).toISOString(),
      lease: 60,
      event: {
        device: 'fan-1',
        type: 'temperature',
        channel: 'devices/fan-1/events/temperature',
        position: expect.stringMatching(/^\d+:\d+$/),
        publishedAt: expect.any(Number),
        data: { celsius: 31.5 },
      },
    });
    const told = await client.answer(turn, {
      commands: [{ device: 'fan-1', name: 'fan.set', params: { on: true }, ttl: '10m', key: 'fan' }],
      messages: [
        { channel: 'plant/alarms', body: { fan: 'on' } },
        { channel: 'plant/bytes', base64: 'AQID', contentType: 'application/x-bytes' },
      ],
      state: [{ key: 'fan-1', name: 'on', value: true }],
      timers: [{ name: 'fan-off', after: '15m' }],
      outbox: [{ name: 'mail', data: { to: 'janitor' } }],
    });
    expect(told).toEqual({ status: 204, json: undefined });
    expect(await nextCommand('fan-1')).toMatchObject({ name: 'fan.set', params: { on: true }, ttl: 600 });
    const messages = async (id: string) => (await admin.get(`/admin/channels/${encodeURIComponent(id)}/messages`)).json;
    expect((await messages('plant/alarms')).messages).toMatchObject([{ body: '{"fan":"on"}' }]);
    expect((await messages('plant/bytes')).messages).toMatchObject([{ contentType: 'application/x-bytes' }]);
    const item = await oneInTime(client);
    expect(item).toMatchObject({ kind: 'outbox', item: { name: 'mail', data: { to: 'janitor' }, attempt: 1 } });
    await client.answer(item, {});
    clock.advance(900_000);
    const timer = await oneInTime(client);
    expect(timer).toMatchObject({ kind: 'timer', key: 'fan-1', timer: { name: 'fan-off', key: 'fan-1', missed: 0 } });
    expect((await client.state(timer, 'key=fan-1')).json).toEqual({ values: [{ name: 'on', value: true }] });
    expect(await status()).toMatchObject({ state: 'running', openTurns: 1, counters: { commands: 1, messages: 2 } });
  });

  it('is told how a command ended, whoever sent it', async () => {
    const client = await start();
    const sent = { method: 'POST', body: JSON.stringify({ name: 'fan.set' }) };
    await fetch(`${hub.url}/v1/devices/fan-1/commands`, { ...sent, headers: { 'Content-Type': 'application/json' } });
    const command = await nextCommand('fan-1');
    const url = `${hub.url}/v1/devices/fan-1/commands/${command?.id}/${command?.lock}/complete`;
    expect((await fetch(url, { method: 'POST' })).status).toBe(204);
    const turn = await client.one();
    expect(turn).toMatchObject({ handler: 'heating.outcome', kind: 'outcome', key: 'fan-1' });
    expect(turn.outcome).toMatchObject({ id: command?.id, name: 'fan.set', state: 'SUCCEEDED' });
  });

  it('is handed several turns at once when it asks for them, one of each device', async () => {
    const client = await start();
    for (const device of ['a', 'b', 'a', 'c']) await post(device, {});
    expect((await client.next('wait=0&max=2')).map(({ key }) => key)).toEqual(['a', 'b']);
    expect((await client.next('wait=0&max=100')).map(({ key }) => key)).toEqual(['c']);
    expect(await client.next()).toEqual([]);
  });

  it('starts a job as its grants allow', async () => {
    const grants = "grants:\n      jobs: [{ devices: 'fan-*', names: [fan.reset], rate: 1/s }]";
    const client = await start(YAML.replace('grants:', grants));
    await post('fan-1', {});
    const turn = await client.one();
    const job = { devices: ['fan-1'], name: 'fan.reset' };
    expect((await client.answer(turn, { jobs: [job] })).json).toMatchObject({ status: 403, code: 'not_granted' });
    expect((await client.answer(turn, { jobs: [{ ...job, rate: '1/s' }] })).status).toBe(204);
    await eventually('the job has sent it', async () => {
      clock.advance(1_000);
      return (await nextCommand('fan-1')) !== undefined;
    });
  });

  it('waits for a turn, and gets it when it comes', async () => {
    const client = await start();
    const waiting = client.next('wait=30');
    await eventually('it waits', async () => (await client.ask('GET', 'x/state')).status === 404);
    await post('fan-1', { celsius: 20 });
    expect(await waiting).toMatchObject([{ key: 'fan-1' }]);
  });

  it('gets 204 when none comes in time', async () => {
    const client = await start();
    let told: number | undefined;
    const waiting = client.ask('POST', 'next?wait=2').then(({ status }) => {
      told = status;
    });
    await eventually('it was answered', () => {
      clock.advance(500);
      return told !== undefined;
    });
    await waiting;
    expect(told).toBe(204);
  });

  it('takes no turn once it has gone', async () => {
    const client = await start();
    const gone = new AbortController();
    const waiting = client.next('wait=30', gone.signal);
    const others = Array.from({ length: 31 }, () => client.next('wait=30'));
    await eventually('32 wait', async () => (await client.ask('POST', 'next?wait=0')).status === 429);
    gone.abort();
    await expect(waiting).rejects.toThrow();
    await eventually('31 wait', async () => (await client.ask('POST', 'next?wait=0')).status === 204);
    await post('fan-1', {});
    await eventually('somebody has it', async () => (await status()).openTurns === 1);
    clock.advance(30_000);
    clock.advance(2_000);
    expect((await Promise.all(others)).flat()).toHaveLength(1);
  });
});

describe('The order of turns', () => {
  it('is kept for each device, however many ask for turns', async () => {
    await start();
    const EVENTS = 60;
    for (let i = 0; i < EVENTS; i++) await post(`d${i % 3}`, { number: i });
    const seen = new Map<string, number[]>();
    const open = new Set<string>();
    const clients = Array.from({ length: 4 }, () => new LogicClient(hub.adminUrl, 'heating'));
    let count = 0;
    const work = async (client: LogicClient) => {
      while (count < EVENTS) {
        await client.work((turn) => {
          expect(open.has(turn.key)).toBe(false);
          open.add(turn.key);
          const { number } = (turn.event as { data: { number: number } }).data;
          count++;
          seen.set(turn.key, [...(seen.get(turn.key) ?? []), number]);
          open.delete(turn.key);
          return { messages: [{ channel: `plant/${turn.key}`, body: number }] };
        }, 'wait=0&max=2');
      }
    };
    await Promise.all(clients.map(work));
    for (const [key, numbers] of seen) {
      expect(numbers).toEqual(Array.from({ length: EVENTS / 3 }, (_, i) => i * 3 + Number(key.slice(1))));
    }
    expect(seen.size).toBe(3);
  });
});

describe('A turn that is out', () => {
  it('is done once: the same answer again changes nothing, also beside the first', async () => {
    const client = await start();
    await post('fan-1', {});
    const turn = await client.one();
    const reply = { commands: [{ device: 'fan-1', name: 'fan.set' }] };
    const told = await Promise.all([1, 2, 3].map(() => client.answer(turn, reply)));
    told.push(await client.answer(turn, reply), await client.answer(turn, { reject: 'too late' }));
    expect(told.map(({ status }) => status)).toEqual([204, 204, 204, 204, 204]);
    expect((await status()).counters).toMatchObject({ commands: 1, turns: 1, failed: 0 });
    expect((await client.state(turn)).json).toMatchObject({ code: 'lock_lost' });
  });

  it('comes again when its lease is over, and the old lock is told so', async () => {
    const client = await start();
    await post('fan-1', { celsius: 1 });
    await post('fan-1', { celsius: 2 });
    const first = await client.one();
    clock.advance(62_000);
    const second = await oneInTime(client);
    expect(second).toMatchObject({ attempt: 2, event: { data: { celsius: 1 } } });
    expect(second.lock).not.toBe(first.lock);
    const late = await client.answer(first, { commands: [{ device: 'fan-1', name: 'fan.set' }] });
    expect([late.status, late.json.code]).toEqual([412, 'lock_lost']);
    expect((await client.answer(second, {})).status).toBe(204);
    expect(await client.one()).toMatchObject({ attempt: 1, event: { data: { celsius: 2 } } });
    expect((await status()).counters).toMatchObject({ timedOut: 1, retries: 1, commands: 0 });
  });

  it('comes again when whoever had it was killed in the middle of its answer', async () => {
    const client = await start();
    await post('fan-1', {});
    const first = await client.one();
    const reply = JSON.stringify({ commands: [{ device: 'fan-1', name: 'fan.set' }] });
    await answerAndDie(first, reply, reply.length - 1);
    expect(await client.next()).toEqual([]);
    clock.advance(62_000);
    const second = await oneInTime(client);
    expect(second).toMatchObject({ attempt: 2, event: { device: 'fan-1' } });
    expect((await status()).counters).toMatchObject({ turns: 0, timedOut: 1, commands: 0 });
    expect((await client.answer(second, JSON.parse(reply))).status).toBe(204);
    expect((await status()).counters).toMatchObject({ turns: 1, commands: 1 });
  });

  it('is done, and comes no more, when whoever had it was killed behind its answer', async () => {
    const client = await start();
    await post('fan-1', {});
    await answerAndDie(await client.one(), JSON.stringify({ commands: [{ device: 'fan-1', name: 'fan.set' }] }));
    await eventually('it is done', async () => (await status()).counters.turns === 1);
    clock.advance(62_000);
    expect(await client.next()).toEqual([]);
    expect((await status()).counters).toMatchObject({ turns: 1, timedOut: 0, commands: 1 });
  });

  it('comes again, later each time, when it is rejected, and is a dead letter in the end, which is driven again', async () => {
    const client = await start();
    await post('fan-1', { celsius: 1 });
    const turn = await client.one();
    expect((await client.answer(turn, { reject: 'no price' })).status).toBe(204);
    expect((await client.answer(turn, { reject: 'no price' })).status).toBe(204);
    expect(await client.next()).toEqual([]);
    await client.answer(await oneInTime(client), { reject: 'still no price' });
    await eventually('it is given up', async () => (await status()).deadLetters === 1);
    const [letter] = await deadLetters();
    expect(letter).toMatchObject({
      handler: 'heating.event',
      attempts: 2,
      error: 'still no price',
      payload: '{"celsius":1}',
    });
    const path = `/admin/plugins/heating/dead-letters/${letter.id}/redrive`;
    const driven = admin.ask(path, { method: 'POST' });
    const again = await oneInTime(client);
    expect(again).toMatchObject({ kind: 'event', event: { data: { celsius: 1 } } });
    await client.answer(again, { commands: [{ device: 'fan-1', name: 'fan.set' }] });
    expect((await driven).json).toEqual({ isDone: true, error: null });
    expect(await deadLetters()).toEqual([]);
  });

  it('is not waited for without end by who drives a dead letter again', async () => {
    const client = await start();
    await post('fan-1', {});
    await client.answer(await client.one(), { reject: 'a' });
    await client.answer(await oneInTime(client), { reject: 'b' });
    await eventually('it is given up', async () => (await status()).deadLetters === 1);
    const [{ id }] = await deadLetters();
    const driving = admin.ask(`/admin/plugins/heating/dead-letters/${id}/redrive`, {
      method: 'POST',
    });
    let answer: { json: unknown } | undefined;
    driving.then((told) => {
      answer = told;
    });
    await eventually('it is answered', () => {
      clock.advance(1_000);
      return answer !== undefined;
    });
    expect(answer?.json).toEqual({ isDone: false, error: expect.stringContaining('waits for "heating" to take it') });
  });

  it('is paused with the others when everything is rejected, and one is tried now and then', async () => {
    const client = await start(YAML.replace('retries: 1', 'retries: 0'));
    for (let i = 0; i < 25; i++) await post(`d${i}`, {});
    for (let i = 0; i < 20; i++) await client.answer(await client.one(), { reject: 'broken' });
    await eventually('it is paused', async () => (await status()).state === 'paused');
    expect((await status()).reason).toBe('Everything fails, 20 turns in a row, the last one for: broken');
    expect(await client.next()).toEqual([]);
    await client.answer(await oneInTime(client), {});
    await eventually('it goes on', async () => (await status()).state === 'running');
    expect(await client.next('wait=0&max=10')).toHaveLength(4);
  });

  it('skips with a reason', async () => {
    const client = await start();
    await post('fan-1', {});
    expect((await client.answer(await client.one(), { skip: 'below the limit' })).status).toBe(204);
    expect((await status()).counters).toMatchObject({ turns: 1, skipped: 1 });
  });

  it('is handed out again when another one changed what it had read', async () => {
    const client = await start();
    await post('a', {});
    await post('b', {});
    const [a, b] = (await client.next('wait=0&max=2')) as [HandedTurn, HandedTurn];
    for (const turn of [a, b]) expect((await client.state(turn, 'name=count')).json).toEqual({ values: [] });
    const count = { state: [{ name: 'count', value: 1 }] };
    expect((await client.answer(a, count)).status).toBe(204);
    const told = await client.answer(b, count);
    expect([told.status, told.json.code]).toEqual([409, 'revision_conflict']);
    const again = await client.one();
    expect(again).toMatchObject({ key: 'b', attempt: 1 });
    expect((await client.state(again, 'name=count')).json).toEqual({ values: [{ name: 'count', value: 1 }] });
    expect((await client.answer(again, { state: [{ name: 'count', value: 2 }] })).status).toBe(204);
  });

  it('reads its state by prefix, also what others have deleted since', async () => {
    const client = await start();
    await post('a', {});
    const rooms = ['hall', 'attic'].map((room) => ({ key: 'house', name: `room/${room}`, value: { room } }));
    await client.answer(await client.one(), { state: [...rooms, { key: 'house', name: 'door', value: 1 }] });
    await post('a', {});
    const turn = await client.one();
    expect((await client.state(turn, 'key=house&prefix=room/')).json.values).toEqual([
      { name: 'room/attic', value: { room: 'attic' } },
      { name: 'room/hall', value: { room: 'hall' } },
    ]);
    await client.answer(turn, { state: [{ key: 'house', name: 'room/hall', delete: true }] });
    await post('a', {});
    expect((await client.state(await client.one(), 'key=house&prefix=room/')).json.values).toHaveLength(1);
  });

  it('gives up what it was asked for when the hub refuses it, and tells why', async () => {
    const client = await start(`${YAML}    key: all\ndevices: { command_buffer_length: 1 }`);
    await post('fan-1', {});
    const turn = await client.one();
    const two = [1, 2].map(() => ({ device: 'fan-1', name: 'fan.set' }));
    const told = await client.answer(turn, { commands: two });
    expect([told.status, told.json.code]).toEqual([429, 'queue_full']);
    expect(told.json.detail).toMatch(
      /^Nothing of the turn was done: .* It comes again, unless this was its last attempt\.$/,
    );
    expect(await oneInTime(client)).toMatchObject({ attempt: 2 });
    expect(await nextCommand('fan-1')).toBeUndefined();
  });
});

describe('An answer that is wrong', () => {
  it.each<[unknown, string[]]>([
    [[], ['An answer to a turn is a JSON object']],
    ['null', ['An answer to a turn is a JSON object']],
    [{ comands: [] }, ['"comands" is not known here; allowed are reject, skip, commands']],
    [{ commands: {} }, ['"commands" must be a list.']],
    [{ reject: 5 }, ['"reject" must be a text']],
    [{ skip: 'a', commands: [] }, ['"skip" must stand alone']],
    [
      { commands: [{}, { device: 'a', name: 'fan.set', prams: 1 }, { device: 5, name: 'fan.set' }, 7] },
      [
        'commands[0]: "device" is missing.',
        'commands[1]: "prams" is not known',
        'commands[2]: "device" must be a text',
        'commands[3]: It must be an object',
      ],
    ],
    [
      {
        commands: [{ device: 'a b', name: 'x' }],
        timers: [
          { name: 'no', after: '1h' },
          { name: 'fan-off', after: '1ms' },
        ],
      },
      [
        'commands[0]: "a b" is not a device id',
        'timers[0]: "no" does not stand in timers of logic_servers.heating',
        "timers[1]: A timer's after is from 1 second",
      ],
    ],
    [
      { timers: [{ name: 'fan-off' }, { name: 'fan-off', after: '1h', cancel: true }] },
      ['timers[0]: It must have "after", or "cancel": true.', 'timers[1]: It must'],
    ],
    [
      { state: [{ name: 'a' }, { name: '', value: 1 }, { name: 'a', key: 'a b', value: 1 }] },
      ['state[0]: It must have "value"', 'state[1]: "" names no state', 'state[2]: "a b" names no state\'s key'],
    ],
    [
      { messages: [{ channel: 'plant/a' }, { channel: 'plant/a', base64: 'A' }, { channel: 5, body: 1 }] },
      [
        'messages[0]: It must have "body" or "base64"',
        'messages[1]: "base64" must be bytes',
        "messages[2]: A channel's id",
      ],
    ],
    [
      { jobs: [{ name: 'x' }, { devices: 5, name: 'fan.set' }, { devices: null, name: 'fan.set' }, { cancel: 'x' }] },
      ['jobs[0]: It must have "devices", or "cancel"', 'jobs[1]: ', 'jobs[2]: ', 'jobs[3]: "x" is no job\'s id'],
    ],
    [
      {
        jobs: [
          { devices: ['a'], name: 'fan.set', canary: null },
          { devices: {}, name: 5, stopOnFailure: 'a' },
        ],
      },
      ['jobs[0]: ', 'jobs[1]: '],
    ],
    [{ outbox: [{ name: 'fax' }] }, ['outbox[0]: "fax" does not stand in outbox']],
    [
      { commands: [{ device: 'a', name: 'fan.set', priority: 99, ttl: 'soon' }] },
      ['commands[0]: "soon" is no time for ttl'],
    ],
  ])('as %j is refused with every fault, and the turn may be answered again', async (reply, sentences) => {
    const client = await start();
    await post('fan-1', {});
    const turn = await client.one();
    const told = await client.answer(turn, reply);
    expect([told.status, told.json.code]).toEqual([422, 'invalid_payload']);
    for (const sentence of sentences) expect(told.json.detail).toContain(sentence);
    expect((await client.answer(turn, {})).status).toBe(204);
  });

  it('because of a grant is refused with its sentence, and what a rate had given is given back', async () => {
    const client = await start();
    await post('fan-1', {});
    const turn = await client.one();
    const bell = { device: 'fan-1', name: 'bell' };
    const told = await client.answer(turn, {
      commands: [bell, { device: 'fan-1', name: 'fan.reset' }],
      messages: [{ channel: 'x', body: 1 }],
    });
    expect([told.status, told.json.code]).toEqual([403, 'not_granted']);
    expect(told.json.detail).toBe(
      'commands[1]: No grant lets it send "fan.reset" to fan-1; add it to grants.command. ' +
        'messages[0]: No grant lets it publish to "x"; add it to grants.publish.',
    );
    const tooOften = await client.answer(turn, { commands: [bell, bell] });
    expect([tooOften.status, tooOften.json.code]).toEqual([429, 'rate_exceeded']);
    expect((await client.answer(turn, { commands: [bell] })).status).toBe(204);
    expect((await status()).counters).toMatchObject({ refused: 3, commands: 1 });
  });

  it('is told in the dead letter when nothing better came', async () => {
    const client = await start(YAML.replace('retries: 1', 'retries: 0'));
    await post('fan-1', {});
    await client.answer(await client.one(), { commands: [{ device: 'fan-1', name: 'fan.reset' }] });
    clock.advance(62_000);
    await eventually('its lease is over', async () => (await status()).deadLetters === 1);
    expect(await deadLetters()).toMatchObject([
      {
        error: expect.stringMatching(
          /^It was not answered within its lease of 60 s\. Its last answer was refused: .*No grant/,
        ),
      },
    ]);
  });

  it('asks for more than a turn may', async () => {
    const client = await start();
    await post('fan-1', {});
    const state = Array.from({ length: 1_001 }, (_, i) => ({ name: `n${i}`, value: i }));
    const told = await client.answer(await client.one(), { state });
    expect([told.status, told.json.detail]).toEqual([422, 'It asks for 1001 things; 1000 are allowed in one turn.']);
  });

  it('is hostile', async () => {
    const client = await start();
    await post('fan-1', {});
    const turn = await client.one();
    const deep = `{"state":[{"name":"a","value":${'['.repeat(200_000)}${']'.repeat(200_000)}}]}`;
    const codes = [];
    for (const body of ['{', '{"__proto__":{"commands":[]}}', '"x"', deep, `{"skip":"${'x'.repeat(2 ** 21)}"}`]) {
      const { status, json } = await client.answer(turn, body);
      codes.push(`${status} ${json.code}`);
    }
    expect(codes).toEqual([
      '400 bad_json',
      '400 bad_json',
      '422 invalid_payload',
      '422 invalid_payload',
      '413 body_too_large',
    ]);
    expect((await client.answer(turn, {})).status).toBe(204);
  });
});

describe('Who asks for turns', () => {
  it('must show the token when there is one', async () => {
    const client = await start(`${YAML}    token: 0123456789abcdef\n`);
    await post('fan-1', {});
    const stranger = new LogicClient(hub.adminUrl, 'heating', '0123456789abcdeg');
    for (const nobody of [client, stranger]) {
      const told = await nobody.ask('POST', 'next?wait=0');
      expect([told.status, told.json.code]).toEqual([401, 'unauthorized']);
      expect((await nobody.answer({ lock: 'x' }, {})).status).toBe(401);
      expect((await nobody.state({ lock: 'x' })).status).toBe(401);
    }
    expect(await new LogicClient(hub.adminUrl, 'heating', '0123456789abcdef').next()).toHaveLength(1);
  });

  it('finds nothing at the door of devices and publishers', async () => {
    await start();
    await post('fan-1', {});
    for (const path of ['/v1/logic/heating/turns/next?wait=0', '/v1/logic/heating/turns/x']) {
      expect((await fetch(hub.url + path, { method: 'POST' })).status).toBe(404);
    }
    expect((await status()).openTurns).toBe(0);
  });

  it('must name a logic server, not a plugin, and a lock that was given', async () => {
    const client = await start();
    for (const name of ['thermostat', 'nobody']) {
      expect((await new LogicClient(hub.adminUrl, name).ask('POST', 'next?wait=0')).json.code).toBe('plugin_not_found');
    }
    expect((await client.answer({ lock: 'never-given' }, {})).json).toMatchObject({
      status: 404,
      code: 'turn_not_found',
    });
    expect((await client.ask('POST', 'next?wait=56')).json.code).toBe('bad_request');
  });

  it('is refused while the logic server is switched off', async () => {
    const client = await start(`${YAML}    enabled: off\n`);
    expect((await client.ask('POST', 'next?wait=0')).json).toMatchObject({ status: 503, code: 'plugin_failed' });
    expect(await status()).toMatchObject({ state: 'disabled' });
  });
});

describe('A hub that stops', () => {
  it('answers who waits, takes the answers of turns that are out, and is not held up by those that wait', async () => {
    const client = await start(YAML.replace('stop_timeout: 0s', 'stop_timeout: 10s'));
    await post('a', {});
    await post('b', {});
    const turn = await client.one();
    const waiting = new LogicClient(hub.adminUrl, 'heating').next('wait=30&max=1');
    expect(await waiting).toMatchObject([{ key: 'b' }]);
    const parked = client.ask('POST', 'next?wait=30');
    await post('c', {});
    expect((await parked).json).toHaveLength(1);
    const last = client.ask('POST', 'next?wait=30');
    await eventually('three are out', async () => (await status()).openTurns === 3);
    const stopped = hub.stop();
    expect((await last).status).toBe(204);
    expect((await client.answer(turn, { commands: [{ device: 'a', name: 'fan.set' }] })).status).toBe(204);
    const refused = await client.ask('POST', 'next?wait=0');
    expect([refused.status, refused.json.code]).toEqual([503, 'stopping']);
    let isStopped = false;
    stopped.then(() => {
      isStopped = true;
    });
    await eventually('it has stopped', () => {
      clock.advance(500);
      return isStopped;
    });
    await stopped;
  });
});
