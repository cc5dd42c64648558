import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Turn } from '../../src/plugin/index.js';
import { eventually } from '../support/eventually.js';
import { script } from './plugins/scripted/index.js';
import { startLogic, stopLogic } from './support/started-logic.js';

afterEach(stopLogic);

/** The second in which time stands still. */
const START = Date.UTC(2026, 0, 15, 12) / 1_000;

/** A promise that the test settles. */
function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

describe('A turn', () => {
  it('does what a handler asked for, in its order, once it has returned', async () => {
    const logic = await startLogic();
    script.handle = ({ device, data }, turn) => {
      turn.command(device, 'first', { was: data.value });
      turn.publish('news', { hot: true });
      turn.command(device, 'second');
    };
    logic.post('fan-1', 'reading', { value: 7 });
    await logic.idle();
    expect(logic.commands('fan-1')).toEqual(['first {"was":7}', 'second {}']);
    expect(logic.messages('news').map(({ body, contentType }) => [body.toString(), contentType])).toEqual([
      ['{"hot":true}', 'application/json'],
    ]);
    expect(logic.status().counters).toMatchObject({ events: 1, turns: 1, commands: 2, messages: 1, failed: 0 });
  });

  it('does nothing before the promise of its handler has resolved', async () => {
    const logic = await startLogic();
    const { open, opened } = gate();
    script.handle = async ({ device }, turn) => {
      turn.command(device, 'go');
      await opened;
    };
    logic.post('fan-1', 'reading', { value: 7 });
    await eventually('the turn is open', () => logic.status().openTurns === 1);
    expect(logic.commands('fan-1')).toEqual([]);
    open();
    await logic.idle();
    expect(logic.commands('fan-1')).toEqual(['go {}']);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('broken pump');
      },
    ],
    ['rejects', () => Promise.reject(new Error('broken pump'))],
    [
      'rejects later',
      async () => {
        await setImmediate();
        throw new Error('broken pump');
      },
    ],
    [
      'throws what is no error',
      () => {
        throw 'broken pump';
      },
    ],
    [
      'returns a thing whose then throws',
      () => ({
        // biome-ignore lint/suspicious/noThenProperty: a hostile one is what is tried
        get then() {
          throw new Error('broken pump');
        },
      }),
    ],
  ])('has done nothing when its handler %s, and the next event comes', async (_, fail) => {
    const logic = await startLogic();
    script.handle = ({ device, data }, turn) => {
      turn.command(device, 'go', data.value);
      return data.value === 1 ? fail() : undefined;
    };
    for (const value of [1, 2]) logic.post('fan-1', 'reading', { value });
    await logic.idleInTime();
    expect(logic.commands('fan-1')).toEqual(['go 2']);
    expect(logic.status()).toMatchObject({
      state: 'running',
      counters: { events: 2, turns: 1, failed: 4, retries: 3, buried: 1, commands: 1 },
    });
    expect(logic.log.at('warn').map(({ sentence }) => sentence)).toEqual([
      `scripted.handle failed for event devices/fan-1/events/reading ${START}:0: broken pump`,
      `scripted.handle is given up for event devices/fan-1/events/reading ${START}:0; it is among the dead letters.`,
    ]);
  });

  it('is given up when its handler never ends, and comes again; what is asked for later is refused', async () => {
    const logic = await startLogic();
    const { open, opened } = gate();
    let late: unknown;
    script.handle = async ({ device, data }, turn) => {
      turn.command(device, 'go', data.value);
      if (data.value > 1 || turn.attempt > 1) return;
      await opened;
      try {
        turn.command(device, 'late');
      } catch (error) {
        late = error;
      }
    };
    for (const value of [1, 2]) logic.post('fan-1', 'reading', { value });
    await eventually('the turn is open', () => logic.status().openTurns === 1);
    logic.clock.advance(12_000);
    await logic.idleInTime();
    expect(logic.commands('fan-1')).toEqual(['go 1', 'go 2']);
    expect(logic.status().counters).toMatchObject({ turns: 2, timedOut: 1, failed: 1, retries: 1 });
    expect(logic.log.at('warn')[0]?.sentence).toMatch(/: it was given up: it took more than 10 s$/);
    open();
    await eventually('the handler has ended', () => late !== undefined);
    expect(late).toMatchObject({ code: 'turn_over' });
    expect(logic.commands('fan-1')).toEqual(['go 1', 'go 2']);
  });

  it('is over once its handler has ended', async () => {
    const logic = await startLogic();
    let kept: Turn | undefined;
    script.handle = (_, turn) => {
      kept = turn;
    };
    logic.post('fan-1', 'reading', { value: 1 });
    await logic.idle();
    expect(() => kept?.publish('news', 'late')).toThrow(
      'scripted.handle used its turn for an event of fan-1 after it had ended. Await what a handler begins.',
    );
  });

  it('asks for a bounded number of things', async () => {
    const logic = await startLogic({ limits: { maxEffectsPerTurn: 3 } });
    script.handle = ({ device, data }, turn) => {
      for (let i = 0; i < data.value; i++) turn.command(device, 'go', i);
    };
    for (const value of [4, 3]) logic.post('fan-1', 'reading', { value });
    await logic.idle();
    expect(logic.commands('fan-1')).toEqual(['go 0', 'go 1', 'go 2']);
    expect(logic.log.at('warn')[0]?.sentence).toMatch(/asked for more than 3 things in one turn\.$/);
  });

  it('does nothing of what it asked for when a channel of it cannot be made', async () => {
    const logic = await startLogic({ maxChannels: 2 });
    script.handle = ({ device }, turn) => {
      turn.command(device, 'go');
      turn.publish('a', 'x');
      turn.publish('b', 'x');
    };
    logic.post('fan-1', 'reading', { value: 1 });
    await logic.idleInTime();
    expect(logic.commands('fan-1')).toEqual([]);
    expect(logic.messages('a')).toEqual([]);
    expect(logic.status().counters).toMatchObject({ turns: 0, failed: 4, commands: 0, messages: 0 });
  });

  it.each([
    ['a device that has no id', (turn: Turn) => turn.command('fan 1', 'go'), 'is not a device id'],
    ['params without JSON', (turn: Turn) => turn.command('fan-1', 'go', 1n), 'cannot be written as JSON'],
    ['a channel without a name', (turn: Turn) => turn.publish('', 'x'), "A channel's id is a text of 1 to 1024"],
    ['a channel in a group', (turn: Turn) => turn.publish('a\0b', 'x'), 'no control characters'],
    ['a command as a message', (turn: Turn) => turn.publish('devices/fan-1/commands', 'x'), 'not published but sent'],
    ['a message without JSON', (turn: Turn) => turn.publish('a', undefined), 'is undefined, which JSON cannot say'],
    ['a broken type', (turn: Turn) => turn.publish('a', 'x', { contentType: 'a\r\nb' }), 'printable ASCII'],
  ])('refuses %s where it is asked for', async (_, ask, sentence) => {
    const logic = await startLogic();
    let refusal: unknown;
    script.handle = (_event, turn) => {
      try {
        ask(turn);
      } catch (error) {
        refusal = error;
      }
    };
    logic.post('fan-1', 'reading', { value: 1 });
    await logic.idle();
    expect(refusal).toMatchObject({ name: 'HubError', message: expect.stringContaining(sentence) });
  });

  it('publishes text and bytes as they are, as they were when it was asked', async () => {
    const logic = await startLogic();
    script.handle = (_, turn) => {
      const bytes = Buffer.from([1, 2]);
      turn.publish('a', bytes);
      turn.publish('a', 'text');
      turn.publish('a', '<p>', { contentType: 'text/html' });
      bytes.fill(0);
    };
    logic.post('fan-1', 'reading', { value: 1 });
    await logic.idle();
    expect(logic.messages('a').map(({ body, contentType }) => [body.toString('latin1'), contentType])).toEqual([
      ['\x01\x02', null],
      ['text', 'text/plain'],
      ['<p>', 'text/html'],
    ]);
  });

  it('writes to the log with the plugin, the handler and the device', async () => {
    const logic = await startLogic();
    script.handle = ({ data }, turn) => turn.log.info({ value: data.value, plugin: 'forged' }, 'Read.');
    logic.post('fan-1', 'reading', { value: 3 });
    await logic.idle();
    expect(logic.log.at('info')).toContainEqual({
      level: 'info',
      facts: { value: 3, plugin: 'scripted', handler: 'scripted.handle', device: 'fan-1' },
      sentence: 'Read.',
    });
  });
});

describe('An event', () => {
  it('tells where and when it comes from', async () => {
    const logic = await startLogic();
    const seen: unknown[] = [];
    script.handle = ({ device, type, channel, position, publishedAt, data }) => {
      seen.push([device, type, channel, position, publishedAt, data.constructor.name, data.value]);
    };
    logic.post('fan-1', 'reading', { value: 3 });
    await logic.idle();
    const now = logic.clock.now();
    expect(seen).toEqual([['fan-1', 'reading', 'devices/fan-1/events/reading', `${now / 1000}:0`, now, 'Reading', 3]]);
  });

  it.each([
    ['no JSON', '{"value":', /it is not JSON: /],
    ['no object', '[1]', /it is not a JSON object\.$/],
    ['nothing', '', /it is not JSON: /],
    ['a wrong value', { value: 'x' }, /value must be a number conforming/],
    [
      'an object deeper than the stack',
      `{"a":${'['.repeat(200_000)}${']'.repeat(200_000)},"value":1}`,
      /does not fit Reading/,
    ],
  ])('with %s as its payload does not reach the handler', async (_, payload, sentence) => {
    const logic = await startLogic();
    const read: number[] = [];
    script.handle = ({ data }) => read.push(data.value);
    logic.post('fan-1', 'reading', payload);
    logic.post('fan-1', 'reading', { value: 2 });
    await logic.idle();
    expect(read).toEqual([2]);
    expect(logic.status().counters).toMatchObject({ events: 2, turns: 1, invalid: 1, failed: 0 });
    expect(logic.log.at('warn')).toEqual([expect.objectContaining({ sentence: expect.stringMatching(sentence) })]);
  });

  it('of a flood of wrong ones is told once a minute, with how many there were', async () => {
    const logic = await startLogic();
    const flood = async (count: number) => {
      for (let i = 0; i < count; i++) logic.post('fan-1', 'reading', 'x');
      await logic.idle();
    };
    await flood(500);
    expect(logic.log.at('warn')).toHaveLength(1);
    logic.clock.advance(60_000);
    await flood(1);
    expect(logic.log.at('warn')).toHaveLength(2);
    expect(logic.log.at('warn')[1]?.sentence).toMatch(
      /It is one of 500 like it since the last one that was written\.$/,
    );
    expect(logic.status().counters.invalid).toBe(501);
  });

  it('leaves nothing of JavaScript changed, whatever its payload names', async () => {
    const logic = await startLogic();
    const payload = '{"value":1,"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
    logic.post('fan-1', 'reading', payload);
    await logic.idle();
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  });
});
