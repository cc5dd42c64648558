import { afterEach, describe, expect, it } from '@jest/globals';
import type { TimerOptions, Turn } from '../../src/plugin/index.js';
import { eventually } from '../support/eventually.js';
import { script } from './plugins/scripted/index.js';
import { type LogicUnderTest, startLogic, stopLogic } from './support/started-logic.js';

afterEach(stopLogic);

/** Notes each call of the timer: `fan-1 +60000 missed 0`, in ms since the first start. */
function rung(): string[] {
  const calls: string[] = [];
  const start = Date.UTC(2026, 0, 15, 12);
  script.ring = ({ key, dueAt, missed }) => {
    calls.push(`${key} +${dueAt - start}${missed > 0 ? ` missed ${missed}` : ''}`);
  };
  return calls;
}

async function inTurn(logic: LogicUnderTest, act: (turn: Turn) => void): Promise<void> {
  script.handle = (_, turn) => act(turn);
  logic.post('fan-1', 'reading', { value: 0 });
  await logic.idle();
}

const set = (after: string, options?: TimerOptions) => (turn: Turn) =>
  turn.timers.set('tick', after, undefined, options);

describe('A timer', () => {
  it('calls its method once, when it is due, with the key of the turn that set it', async () => {
    const logic = await startLogic();
    const calls = rung();
    await inTurn(logic, set('15m'));
    logic.clock.advance(899_900);
    await logic.idle();
    expect(calls).toEqual([]);
    logic.clock.advance(100);
    await logic.idle();
    logic.clock.advance(3_600_000);
    await logic.idle();
    expect(calls).toEqual(['fan-1 +900000']);
  });

  it('is replaced by one of its name and key, and cancelled', async () => {
    const logic = await startLogic();
    const calls = rung();
    await inTurn(logic, set('1m'));
    await inTurn(logic, set('2m'));
    await inTurn(logic, (turn) => turn.timers.set('tick', '3m', 'other'));
    await inTurn(logic, (turn) => turn.timers.cancel('tick', 'other'));
    await inTurn(logic, (turn) => turn.timers.cancel('tick', 'never-set'));
    logic.clock.advance(600_000);
    await logic.idle();
    expect(calls).toEqual(['fan-1 +120000']);
  });

  it('is not set by a turn that throws', async () => {
    const logic = await startLogic();
    const calls = rung();
    script.handle = (_, turn) => {
      set('1m')(turn);
      throw new Error('no');
    };
    logic.post('fan-1', 'reading', { value: 0 });
    await logic.idleInTime();
    logic.clock.advance(600_000);
    await logic.idle();
    expect(calls).toEqual([]);
  });

  it('survives a restart, and rings at once when it was due meanwhile', async () => {
    const first = await startLogic();
    await inTurn(first, set('1m', { data: { why: 'test' } }));
    await first.logic.stop(1_000);
    first.clock.advance(3_600_000);
    const data: unknown[] = [];
    script.ring = (timer) => data.push(timer.data);
    const second = await startLogic({ after: first });
    await second.idle();
    expect(data).toEqual([{ why: 'test' }]);
  });

  it.each([
    ['fireOnce', ['fan-1 +600000 missed 5', 'fan-1 +4200000']],
    ['skip', ['fan-1 +4200000']],
    ['each', ['600000', '1200000', '1800000', '2400000', '3000000', '3600000', '4200000'].map((at) => `fan-1 +${at}`)],
  ] as const)('that repeats and was missed does as it was set: %s', async (missed, expected) => {
    const first = await startLogic();
    await inTurn(first, set('10m', { every: '10m', missed }));
    await first.logic.stop(1_000);
    first.clock.advance(3_600_000 + 90_000);
    const calls = rung();
    const second = await startLogic({ after: first });
    await second.idle();
    second.clock.advance(600_000);
    await eventually('it has rung as often', () => calls.length >= expected.length);
    await second.idle();
    expect(calls).toEqual(expected);
  });

  it('that is due once and was missed is dropped when it shall be skipped', async () => {
    const first = await startLogic();
    await inTurn(first, set('1m', { missed: 'skip' }));
    await first.logic.stop(1_000);
    first.clock.advance(180_000);
    const calls = rung();
    const second = await startLogic({ after: first });
    second.clock.advance(600_000);
    await second.idle();
    expect(calls).toEqual([]);
  });

  it('is not moved by an operator who sets the clock', async () => {
    const logic = await startLogic();
    const calls = rung();
    await inTurn(logic, set('10m'));
    logic.clock.setWall(Date.UTC(2026, 0, 15, 20));
    logic.clock.advance(599_000);
    await logic.idle();
    expect(calls).toEqual([]);
    logic.clock.setWall(Date.UTC(2026, 0, 14));
    logic.clock.advance(1_000);
    await logic.idle();
    expect(calls).toHaveLength(1);
  });

  it('can set itself anew in its own turn, as often as it likes', async () => {
    const logic = await startLogic();
    let calls = 0;
    script.ring = (_, turn) => {
      calls++;
      if (calls < 40) set('1m')(turn);
    };
    await inTurn(logic, set('1m'));
    for (let i = 0; i < 45; i++) {
      logic.clock.advance(60_000);
      await logic.idle();
    }
    expect(calls).toBe(40);
    expect(logic.status()).toMatchObject({ deadLetters: 0 });
  });

  it('that fails is tried again, and does what its last attempt asked for', async () => {
    const logic = await startLogic();
    script.ring = ({ key }, turn) => {
      turn.command(key, 'go', turn.attempt);
      if (turn.attempt < 3) throw new Error('not yet');
    };
    await inTurn(logic, set('1m'));
    logic.clock.advance(60_000);
    await logic.idleInTime();
    expect(logic.commands('fan-1')).toEqual(['go 3']);
  });

  it('rings a thousand times for a thousand keys', async () => {
    const logic = await startLogic();
    const calls = rung();
    await inTurn(logic, (turn) => {
      for (let i = 0; i < 1_000; i++) turn.timers.set('tick', `${1 + (i % 7)}m`, `key-${i}`);
    });
    for (let minute = 1; minute <= 7; minute++) {
      logic.clock.advance(60_000);
      await eventually('it has rung', () => {
        logic.clock.advance(1);
        return calls.length >= Array.from({ length: 1_000 }, (_, i) => i).filter((i) => 1 + (i % 7) <= minute).length;
      });
    }
    await logic.idle();
    expect(new Set(calls.map((call) => call.split(' ')[0])).size).toBe(1_000);
    expect(calls).toHaveLength(1_000);
  });

  it.each([
    ['without a method for it', (turn: Turn) => turn.timers.set('gone', '1m'), '@OnTimer("gone")'],
    ['for less than a second', set('500ms'), 'is from 1 second to 3650 days; "500ms" is not'],
    ['for what is no time', set('soon'), '"soon" is no time for after'],
    ['for a key that is none', (turn: Turn) => turn.timers.set('tick', '1m', 'a/b'), "names no timer's key"],
    [
      'with another way to be missed',
      set('1m', { missed: 'never' as 'skip' }),
      'missed must be fireOnce, skip or each',
    ],
  ])('is refused %s', async (_, ask, sentence) => {
    const logic = await startLogic();
    let refusal: unknown;
    await inTurn(logic, (turn) => {
      try {
        ask(turn);
      } catch (error) {
        refusal = error;
      }
    });
    expect(refusal).toMatchObject({ code: 'invalid_payload', message: expect.stringContaining(sentence) });
  });
});
