import { afterEach, describe, expect, it } from '@jest/globals';
import { grantedOf } from '../../src/logic/loading/granted.js';
import { runRulesOf } from '../../src/logic/loading/run-rules.js';
import { Permissions } from '../../src/logic/running/permissions.js';
import type { Turn } from '../../src/plugin/index.js';
import type { LogicServerOptions } from '../../src/plugin/logic-server-options.js';
import { ManualClock } from '../support/manual-clock.js';
import { script } from './plugins/scripted/index.js';
import { startLogic, stopLogic } from './support/started-logic.js';

afterEach(stopLogic);

const OnTemperature = {
  kind: 'event',
  method: 'm',
  pattern: 'devices/+/events/temperature',
  payload: undefined,
} as const;

function permissionsOf(grants: LogicServerOptions['grants']) {
  const clock = new ManualClock();
  let refused = 0;
  const permissions = new Permissions(grantedOf('t', grants), clock, () => refused++);
  return { permissions, clock, refused: () => refused };
}

describe('Without a grant a plugin', () => {
  it.each([
    ['sends no command', (turn: Turn) => turn.command('fan-1', 'go'), 'No grant lets it send "go" to fan-1'],
    ['starts no job', (turn: Turn) => void turn.startJob(['fan-1'], 'go'), 'No grant lets it send "go" by a job'],
    ['publishes no message', (turn: Turn) => turn.publish('news', 'x'), 'No grant lets it publish to "news"'],
  ])('%s: it is refused, counted, and among the dead letters', async (_, ask, sentence) => {
    const logic = await startLogic({ plugins: { asking: {} } });
    const { asking } = await import('./plugins/asking/index.js');
    asking.ask = ask;
    logic.post('fan-1', 'reading', 1);
    await logic.idle('asking');
    expect(logic.status('asking')).toMatchObject({ deadLetters: 1, counters: { turns: 0, refused: 1, failed: 1 } });
    const [letter] = await logic.logic.deadLetters('asking', '', 1);
    expect(letter?.error).toContain(sentence);
  });
});

describe('A grant of commands', () => {
  it('is for a device or for all, for names or for all', () => {
    const { permissions, refused } = permissionsOf({
      command: [
        { device: 'fan-1', names: ['*'] },
        { device: '#', names: ['fan.set', 'fan.stop'] },
      ],
    });
    for (const [device, name] of [
      ['fan-1', 'reboot'],
      ['any', 'fan.set'],
      ['any', 'fan.stop'],
    ] as const) {
      permissions.takeCommand(device, name);
    }
    expect(() => permissions.takeCommand('any', 'reboot')).toThrow(expect.objectContaining({ code: 'not_granted' }));
    expect(refused()).toBe(1);
  });

  it('has a rate for each device and name, which fills up again with time', () => {
    const { permissions, clock } = permissionsOf({ command: [{ device: '#', names: ['a', 'b'], rate: '2/m' }] });
    const take = (device: string, name: string) => {
      try {
        return permissions.takeCommand(device, name);
      } catch (error) {
        return (error as { code: string }).code;
      }
    };
    const taken = [take('x', 'a'), take('x', 'a'), take('x', 'b'), take('y', 'a')];
    expect(taken.every((gives) => typeof gives === 'function')).toBe(true);
    expect(take('x', 'a')).toBe('rate_exceeded');
    clock.advance(29_999);
    expect(take('x', 'a')).toBe('rate_exceeded');
    clock.advance(1);
    const giveBack = take('x', 'a') as () => void;
    expect(take('x', 'a')).toBe('rate_exceeded');
    giveBack();
    expect(take('x', 'a')).toBeInstanceOf(Function);
  });

  it('does not count a turn that was not done; one that is beyond the rate fails, and can be driven again', async () => {
    const logic = await startLogic();
    script.handle = (_, turn) => {
      turn.command('limited', 'go', turn.attempt);
      if (turn.attempt < 3) throw new Error('not yet');
    };
    logic.post('a', 'reading', { value: 1 });
    await logic.idleInTime();
    expect(logic.commands('limited')).toEqual(['go 3']);
    script.handle = (_, turn) => turn.command('limited', 'go', 'more');
    for (const device of ['b', 'c']) logic.post(device, 'reading', { value: 1 });
    await logic.idleInTime();
    expect(logic.commands('limited')).toHaveLength(2);
    expect(logic.status().counters.refused).toBe(4);
    const [letter] = await logic.logic.deadLetters('scripted', '', 10);
    expect(letter?.error).toBe('"limited/go" was commanded 2/m already, as much as its grant allows.');
    logic.clock.advance(30_000);
    expect(await logic.logic.redrive('scripted', letter?.id ?? '')).toMatchObject({ isDone: true });
    expect(logic.commands('limited')).toHaveLength(3);
  });
});

describe('Grants and run options', () => {
  it.each([
    [{ on: ['devices/fan-1/events/#'] }, 't: the pattern "devices/+/events/temperature" is not among its grants (on).'],
    [{ on: ['devices/+/events'] }, 'is not among its grants'],
    [{ on: ['a#'] }, 'grants.on has "a#"'],
    [{ publish: [''] }, 'grants.publish has ""'],
    [{ state: 'much' }, 'grants.state has "much"'],
    [{ command: [{ device: '', names: ['a'] }] }, 'grants.command.device has ""'],
    [{ command: [{ device: '#', names: [] }] }, 'grants.command.names has []'],
    [{ command: [{ device: '#', names: ['a'], rate: '5' }] }, 'grants.command.rate has "5"'],
  ])('that cannot be read, or lack a handler, fail the plugin: %j', (grants, sentence) => {
    expect(() => grantedOf('t', grants, [OnTemperature])).toThrow(
      expect.objectContaining({ code: 'plugin_failed', message: expect.stringContaining(sentence) }),
    );
  });

  it.each([{}, { on: ['devices/#'] }, { on: ['#'] }, { on: ['devices/+/events/+'] }])(
    'let handlers be: %j',
    (grants) => {
      expect(grantedOf('t', grants, [OnTemperature]).maxStateBytes).toBe(16 * 2 ** 20);
    },
  );

  it.each([
    [{ key: 'room' as 'all' }, 'run.key is "room"'],
    [{ concurrency: 0 }, 'run.concurrency is 0'],
    [{ timeout: '2h' }, 'run.timeout is "2h"'],
    [{ retry: { times: -1 } }, 'run.retry.times is -1'],
    [{ retry: { backoff: '30s..1s' } }, 'run.retry.backoff is "30s..1s"'],
    [{ retry: { backoff: 'soon' } }, 'run.retry.backoff is "soon"'],
  ])('%j fails the plugin', (run, sentence) => {
    expect(() => runRulesOf('t', run)).toThrow(
      expect.objectContaining({ code: 'plugin_failed', message: expect.stringContaining(sentence) }),
    );
  });

  it('have defaults, and are taken as they are written', () => {
    expect(runRulesOf('t')).toEqual({
      ...{ key: 'device', concurrency: 16, timeoutMs: 10_000 },
      retry: { times: 3, firstPauseMs: 1_000, longestPauseMs: 30_000 },
    });
    const run = { key: 'none', concurrency: 3, timeout: '1m', retry: { times: 0, backoff: '500ms..2m' } } as const;
    expect(runRulesOf('t', run)).toEqual({
      ...{ key: 'none', concurrency: 3, timeoutMs: 60_000 },
      retry: { times: 0, firstPauseMs: 500, longestPauseMs: 120_000 },
    });
  });
});
