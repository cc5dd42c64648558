import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestHub, type TestHubOptions, testHub } from '../../src/testing/index.js';
import { Broken, CALM, Cooler, CoolerModule, Moody, moods, Quiet } from './support/plugins.js';

const open: TestHub[] = [];
beforeEach(() => {
  Object.assign(moods, CALM);
});
afterEach(async () => {
  for (const hub of open.splice(0)) await hub.close();
});

async function hubWith(plugins: Parameters<typeof testHub>[0], options?: TestHubOptions): Promise<TestHub> {
  const hub = await testHub(plugins, options);
  open.push(hub);
  return hub;
}

const WARM = { celsius: 31 };

describe('A hub for tests', () => {
  it('has settled when an event was posted: the turn is done, the device has answered, and its outcome is told', async () => {
    const hub = await hubWith(CoolerModule);
    const fan = hub.device('fan-1').answer('fan.set', () => ({ status: 200 }));
    await hub.emit('devices/fan-1/events/temperature', WARM);
    expect(fan.commands()).toMatchObject([{ name: 'fan.set', params: { on: true }, attempt: 1 }]);
    expect(hub.outcomes('fan-1')).toMatchObject([{ name: 'fan.set', state: 'SUCCEEDED', evidence: 'result' }]);
    expect(hub.messages('told/fan-1')).toMatchObject([
      { data: { state: 'SUCCEEDED' }, contentType: 'application/json' },
    ]);
  });

  it('shows what a plugin keeps, has set, has written and is counted with', async () => {
    const hub = await hubWith(Cooler);
    await hub.emit('devices/fan-1/events/temperature', WARM);
    expect(await hub.state('fan-1')).toEqual({ cooling: true });
    expect(await hub.timers()).toEqual([
      { name: 'fan-off', key: 'fan-1', dueAt: hub.now + 900_000, everyMs: undefined, data: undefined },
    ]);
    expect(hub.log('info')).toMatchObject([{ sentence: 'It is warm.', facts: { plugin: 'cooler', celsius: 31 } }]);
    expect(hub.plugin('cooler').status()).toMatchObject({ state: 'running', counters: { turns: 2, commands: 1 } });
    expect(hub.commands()).toMatchObject([{ device: 'fan-1', name: 'fan.set', params: { on: true }, at: hub.now }]);
  });

  it('lets durable timers fire, commands expire and devices fall silent as time is moved', async () => {
    const hub = await hubWith(Cooler);
    hub.device('fan-1').offline();
    await hub.emit('devices/fan-1/events/temperature', WARM);
    await hub.advance('9m');
    expect(hub.outcomes()).toEqual([]);
    expect(await hub.state()).toEqual({ 'fan-1': 'offline' });
    await hub.advance('61s');
    expect(hub.outcomes()).toMatchObject([{ state: 'EXPIRED' }]);
    await hub.advance('5m');
    expect(hub.commands().map(({ params }) => params)).toEqual([{ on: true }, { on: false }]);
    expect(await hub.timers()).toEqual([]);
  });

  it('keeps over a restart what was committed, and nothing else', async () => {
    const hub = await hubWith(Cooler, { config: { limit: 20 } });
    const fan = hub.device('fan-1').answer('fan.set', () => undefined);
    await fan.emit('temperature', WARM);
    await hub.restart({ downFor: '1h' });
    expect(fan.commands().map(({ params }) => params)).toEqual([{ on: true }, { on: false }]);
    expect(await hub.state('fan-1')).toEqual({});
    expect(hub.plugin().status().counters).toMatchObject({ events: 1, turns: 2 });
  });

  it('throws away a turn that a crash found open, and runs it again', async () => {
    let calls = 0;
    moods.act = async (turn, device) => {
      calls++;
      turn.command(device, 'act', { call: calls });
      await new Promise((resolve) => setTimeout(resolve, 5_000));
    };
    const hub = await hubWith(Moody);
    await hub.emit('devices/a/events/act');
    await hub.advance('4s');
    await hub.restart();
    await hub.advance('4s');
    expect([calls, hub.commands()]).toEqual([2, []]);
    await hub.advance('1s');
    expect(hub.commands()).toMatchObject([{ params: { call: 2 } }]);
  });

  it('runs handlers in virtual time, whatever timers they use', async () => {
    moods.act = async (turn, device) => {
      const began = Date.now();
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      turn.command(device, 'act', { took: Date.now() - began, on: new Date().toISOString() });
    };
    const hub = await hubWith(Moody, { startAt: '2031-05-01T10:00:00Z' });
    await hub.emit('devices/a/events/act');
    await hub.advance('2999ms');
    expect(hub.commands()).toEqual([]);
    await hub.advance(1);
    expect(hub.commands()).toMatchObject([{ params: { took: 3_000, on: '2031-05-01T10:00:03.000Z' } }]);
  });

  it('drives pipelines by the clock that they are given, and by the one of RxJS', async () => {
    const hub = await hubWith(Quiet);
    await hub.emit('devices/a/events/beat');
    await hub.emit('devices/a/events/temperature', { celsius: 35 });
    await hub.advance('59s');
    expect([hub.commands(), hub.messages('quiet')]).toEqual([[], []]);
    await hub.advance('1s');
    expect(hub.commands()).toMatchObject([{ device: 'a', name: 'wake' }]);
    expect(hub.messages('quiet')).toMatchObject([{ data: 35 }]);
  });

  it('lets time pass while plugins are made, when they wait for it', async () => {
    moods.begin = () => new Promise((resolve) => setTimeout(resolve, 2_000));
    const hub = await hubWith(Moody);
    expect(hub.plugin().status().state).toBe('running');
    moods.begin = () => new Promise(() => {});
    await expect(testHub(Moody, { patience: '50ms' })).rejects.toThrow(
      'The plugin "moody" does not run: It was not made within 10 s.',
    );
  });

  it('waits for what a handler does outside, in real time', async () => {
    moods.send = async () => {
      await import('node:fs/promises').then(({ readFile }) => readFile('package.json'));
    };
    moods.act = (turn) => turn.outbox.put('outside', { file: true });
    const hub = await hubWith(Moody);
    await hub.emit('devices/a/events/act');
    expect(await hub.plugin().outbox()).toEqual([]);
    expect(hub.plugin().status().counters.turns).toBe(2);
  });

  it('runs several plugins, each with settings of its own, and asks which one is meant', async () => {
    const hub = await hubWith([{ plugin: Cooler, config: { limit: 40 } }, Moody]);
    await hub.emit('devices/a/events/temperature', WARM);
    expect(hub.plugin('cooler').status().counters.skipped).toBe(1);
    expect(() => hub.plugin()).toThrow('This hub has several plugins (cooler, moody); say which one');
    expect(() => hub.plugin('heater').status()).toThrow('This hub has no plugin "heater"');
  });

  it('takes settings of the hub as its configuration has them', async () => {
    const hub = await hubWith(Cooler, { hub: { devices: { registration: 'closed' } } });
    await expect(hub.emit('devices/a/events/temperature', WARM)).rejects.toThrow('devices.registration is closed');
    await expect(testHub(Cooler, { hub: { devices: { registration: 'ajar' } } })).rejects.toThrow(
      /devices\.registration is "?ajar"?/,
    );
  });

  it('loads a plugin from its folder', async () => {
    const hub = await hubWith('plugins/echo');
    await hub.emit('devices/a/events/echo', { hello: 1 });
    expect(hub.commands('a')).toMatchObject([{ name: 'echo', params: { hello: 1 } }]);
  });

  it('gives the process its timers back when it is closed', async () => {
    const own = [setTimeout, setImmediate, Date];
    {
      await using hub = await testHub(Cooler);
      expect([setTimeout, setImmediate, Date]).not.toEqual(own);
      await hub.advance('1s');
      await hub.close();
      await expect(hub.emit('devices/a/events/temperature', WARM)).rejects.toThrow('The hub is closed.');
    }
    expect([setTimeout, setImmediate, Date]).toEqual(own);
  });
});

describe('A hub for tests refuses', () => {
  it('settings that the plugin does not take', async () => {
    await expect(testHub(Cooler, { config: { limit: 101, tint: 'red' } })).rejects.toThrow(
      'cooler: config.limit is 101. A number up to 100 is allowed.',
    );
    await expect(testHub(Cooler, { config: { tint: 'red' } })).rejects.toThrow(
      'cooler: config.tint is no setting of it; there are limit.',
    );
  });

  it('a plugin that cannot be made, or is none', async () => {
    await expect(testHub(Broken)).rejects.toThrow('The plugin "broken" does not run: the lamp is out');
    await expect(testHub(class Plain {})).rejects.toThrow('No provider of the plugin has the decorator @LogicServer.');
    await expect(testHub('plugins/nowhere')).rejects.toThrow(/There is no folder .*nowhere/);
  });

  it('an event that nobody gets, and a channel that has no events', async () => {
    const hub = await hubWith(Moody);
    await expect(hub.emit('devices/a/events/atc')).rejects.toThrow(
      'Nobody gets the event on "devices/a/events/atc": no handler or pipeline of moody matches it. There is "devices/+/events/act".',
    );
    await expect(hub.emit('news')).rejects.toThrow('plugins get those of devices/{device}/events/{type}');
  });

  it('what is no length of time', async () => {
    const hub = await hubWith(Moody);
    await expect(hub.advance('soon')).rejects.toThrow('"soon" is no length of time');
    expect(() => hub.device('a').slow(-1)).toThrow('"-1" is no length of time');
  });
});

describe('What goes wrong in a plugin', () => {
  it('rejects the call that brought it about, and is tried again as time passes', async () => {
    moods.act = (turn, device) => {
      if (turn.attempt < 3) throw new Error(`no luck ${turn.attempt}`);
      turn.command(device, 'act');
    };
    const hub = await hubWith(Moody);
    await expect(hub.emit('devices/a/events/act')).rejects.toThrow(/moody\.act failed for .*: no luck 1/);
    await expect(hub.advance('2s')).rejects.toThrow('no luck 2');
    await hub.advance('3s');
    expect(hub.commands()).toMatchObject([{ name: 'act' }]);
  });

  it('is kept and not thrown when the test says so', async () => {
    moods.act = () => {
      throw new Error('no luck');
    };
    const hub = await hubWith(Moody, { failures: 'keep' });
    await hub.emit('devices/a/events/act');
    await hub.advance('10s');
    expect(hub.log('warn').filter(({ sentence }) => sentence.endsWith('no luck'))).toHaveLength(4);
    const [letter] = await hub.deadLetters();
    expect(letter).toMatchObject({ handler: 'moody.act', error: 'no luck', attempts: 4 });
    moods.act = () => {};
    expect(await hub.plugin().redrive(letter?.id ?? '')).toEqual({ isDone: true, error: undefined });
    expect(await hub.deadLetters()).toEqual([]);
  });

  it.each<[string, string, unknown, RegExp]>([
    [
      'a payload that is refused',
      'temperature',
      { celsius: 'warm' },
      /cooler\.cool was not called for .*celsius must be a number/,
    ],
    ['a payload that is no JSON', 'temperature', 'warm', /it is not JSON/],
  ])('rejects for %s', async (_, type, payload, sentence) => {
    const hub = await hubWith(Cooler);
    await expect(hub.emit(`devices/a/events/${type}`, payload)).rejects.toThrow(sentence);
  });

  it('rejects for what no grant allows, of a turn and of a pipeline', async () => {
    moods.act = (turn, device) => turn.command(device, 'explode');
    const hub = await hubWith([Moody, Quiet]);
    await expect(hub.emit('devices/a/events/act')).rejects.toThrow('No grant lets it send "explode" to a');
    await hub.emit('devices/rogue/events/temperature', { celsius: 99 });
    await expect(hub.advance('1m')).rejects.toThrow('No grant lets it publish to "secret"');
  });

  it('rejects for a handler that waits for what never comes, names the remedy, and lets its time run out', async () => {
    moods.act = () => new Promise(() => {});
    const hub = await hubWith(Moody, { patience: '50ms' });
    await expect(hub.emit('devices/a/events/act')).rejects.toThrow(/^A turn has not ended after 50 ms of real time/);
    await expect(hub.advance('11s')).rejects.toThrow('it was given up: it took more than 10 s');
  });

  it('is told of as well when it comes later, in a timer that nobody waits for', async () => {
    moods.act = () => {
      setTimeout(() => {
        throw new Error('too late');
      }, 1_000);
    };
    const hub = await hubWith(Moody);
    await hub.emit('devices/a/events/act');
    await expect(hub.advance('2s')).rejects.toThrow('The plugin "moody" left an error uncaught: too late');
    await hub.advance('1s');
  });

  it('does not count what the plugin itself warns of', async () => {
    moods.act = (turn) => turn.log.warn({}, 'It is dark.');
    const hub = await hubWith(Moody);
    await hub.emit('devices/a/events/act');
    expect(hub.log('warn')).toMatchObject([{ sentence: 'It is dark.' }]);
  });
});
