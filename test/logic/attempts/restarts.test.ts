import { resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ATTEMPTS, RUNS } from '../../../src/logic/store/tables.js';
import { eventually } from '../../support/eventually.js';
import { script } from '../plugins/scripted/index.js';
import { type LogicUnderTest, PLUGIN_FOLDER, startLogic, stopLogic } from '../support/started-logic.js';

afterEach(stopLogic);

/** The attempts that are on record, by their turns. */
function onRecord({ engine }: LogicUnderTest): unknown[] {
  const records = engine.kept.table(ATTEMPTS).range({ limit: 100 });
  return records.map(({ value }) => JSON.parse(value) as unknown);
}

/** Waits until a turn has failed that often since the start. */
async function failed(logic: LogicUnderTest, times: number): Promise<void> {
  await eventually(`${times} attempts have failed`, () => logic.status().counters.failed === times);
}

/** Lets happen what does not wait for time. */
async function settled(): Promise<void> {
  for (let i = 0; i < 20; i++) await setImmediate();
}

const letters = (logic: LogicUnderTest) => logic.logic.deadLetters('scripted', '', 100);

/** Fails always, and notes what it was called for. */
function failAlways(calls: string[] = []): string[] {
  script.handle = ({ device, data }, turn) => {
    calls.push(`${device} ${data.value} attempt ${turn.attempt}`);
    throw new Error('broken pump');
  };
  return calls;
}

describe.each([
  ['a stop', (logic: LogicUnderTest) => logic.logic.stop(1_000)],
  ['a crash', (logic: LogicUnderTest) => logic.crash()],
])('A turn that always fails, in a hub that starts anew after %s', (_, end) => {
  /** The same hub a second later. */
  async function startAnew(logic: LogicUnderTest): Promise<LogicUnderTest> {
    await end(logic);
    return startLogic({ after: logic });
  }

  it('has as many attempts as in one that does not, each after its pause, and then is a dead letter', async () => {
    const calls = failAlways();
    let logic = await startLogic();
    logic.post('ill', 'reading', { value: 1 });
    await failed(logic, 1);
    // After 1 s, which the start has taken.
    logic = await startAnew(logic);
    await failed(logic, 1);
    // After 2 s, and after 4 s.
    for (const seconds of [1, 3]) {
      logic = await startAnew(logic);
      logic.clock.advance((seconds - 1) * 1_000);
      await settled();
      expect(logic.status()).toMatchObject({ retrying: 1, counters: { failed: 0 } });
      logic.clock.advance(2_000);
      await failed(logic, 1);
    }
    expect(calls).toEqual([1, 2, 3, 4].map((attempt) => `ill 1 attempt ${attempt}`));
    expect(await letters(logic)).toMatchObject([{ attempts: 4, error: 'broken pump' }]);
    expect(onRecord(logic)).toEqual([]);
  });

  it('keeps those of its key waiting, and no others', async () => {
    const calls = failAlways();
    let logic = await startLogic();
    logic.post('ill', 'reading', { value: 1 });
    await failed(logic, 1);
    logic = await startAnew(logic);
    await failed(logic, 1);
    logic = await startAnew(logic);
    script.handle = ({ device, data }) => calls.push(`${device} ${data.value}`);
    logic.post('ill', 'reading', { value: 2 });
    logic.post('well', 'reading', { value: 3 });
    await eventually('the others went on', () => logic.status().counters.turns === 1);
    await logic.idleInTime();
    expect(calls.slice(2)).toEqual(['well 3', 'ill 1', 'ill 2']);
  });

  it('keeps nothing of one that has succeeded, and begins with the first attempt at the next one', async () => {
    const attempts: number[] = [];
    script.handle = (_event, turn) => {
      attempts.push(turn.attempt);
      if (turn.attempt === 1) throw new Error('not yet');
    };
    let logic = await startLogic();
    logic.post('ill', 'reading', { value: 1 });
    await failed(logic, 1);
    expect(onRecord(logic)).toMatchObject([{ failures: 1 }]);
    logic = await startAnew(logic);
    logic.post('ill', 'reading', { value: 2 });
    await logic.idleInTime();
    expect(attempts).toEqual([1, 2, 1, 2]);
    expect(onRecord(logic)).toEqual([]);
  });

  it('keeps those of timers and of the outbox', async () => {
    const attempts: string[] = [];
    const fail = (what: string) => (_of: unknown, turn: { readonly attempt: number }) => {
      attempts.push(`${what} ${turn.attempt}`);
      throw new Error('no luck');
    };
    script.handle = (_event, turn) => {
      turn.timers.set('tick', '1s');
      turn.outbox.put('mail', 'hello');
    };
    Object.assign(script, { ring: fail('timer'), mail: fail('mail') });
    let logic = await startLogic();
    logic.post('fan-1', 'reading', { value: 1 });
    await failed(logic, 1);
    logic.clock.advance(1_000);
    await eventually('the timer has rung', () => attempts.includes('timer 1'));
    for (let life = 0; life < 3; life++) {
      logic = await startAnew(logic);
      logic.clock.advance(5_000);
      await eventually('both have come again', () => attempts.length === 2 * (life + 2));
    }
    expect(attempts.sort()).toEqual([1, 2, 3, 4].flatMap((attempt) => [`mail ${attempt}`, `timer ${attempt}`]).sort());
    expect(await letters(logic)).toMatchObject([{ kind: 'timer', attempts: 4 }]);
  });
});

describe('What is kept of attempts', () => {
  it('costs no commit for a turn that succeeds at its first attempt', async () => {
    const logic = await startLogic();
    const written: string[] = [];
    const commit = logic.engine.commit.bind(logic.engine);
    logic.engine.commit = (changes) => {
      written.push(...changes.records.map(({ table }) => table));
      return commit(changes);
    };
    script.handle = ({ device }, turn) => turn.command(device, 'go');
    for (const value of [1, 2, 3]) logic.post('fan-1', 'reading', { value });
    await logic.idle();
    expect(logic.commands('fan-1')).toHaveLength(3);
    expect(written).not.toContain(ATTEMPTS);
    expect(written).not.toContain(RUNS);
  });

  it('is deleted at the start when its timer was set anew, its item is done or its event is behind the mark', async () => {
    const first = await startLogic();
    await first.logic.stop(1_000);
    const turns = ['e/0000000000000000/scripted.handle', 't/000001768478400000/tick/fan-1', 'o/000001768478400000/1'];
    for (const turn of turns) {
      const value = JSON.stringify({ failures: 2, retryAt: 0 });
      first.engine.kept.commit({ records: [{ table: ATTEMPTS, key: `scripted/${turn}`, value }] });
    }
    expect(onRecord(await startLogic({ after: first }))).toEqual([]);
  });

  it('does not stop a turn from being tried again when it cannot be written', async () => {
    const calls = failAlways();
    const logic = await startLogic();
    const commit = logic.engine.commit.bind(logic.engine);
    logic.engine.commit = (changes) => {
      if (changes.records.some(({ table }) => table === ATTEMPTS)) throw new Error('no room for that');
      return commit(changes);
    };
    logic.post('ill', 'reading', { value: 1 });
    await logic.idleInTime();
    expect(calls).toHaveLength(4);
    expect(logic.log.at('warn')).toContainEqual(
      expect.objectContaining({ sentence: expect.stringContaining('no room for that') }),
    );
  });
});

describe('After a crash of the process', () => {
  const opened = (logic: LogicUnderTest): unknown => {
    const record = logic.engine.kept.table(RUNS).get('scripted');
    return record && JSON.parse(record.value);
  };

  /** A hub that has crashed with these events open, of devices of their own. */
  async function crashedOnce(values: readonly number[]): Promise<LogicUnderTest> {
    const logic = await startLogic();
    script.handle = () => new Promise(() => {});
    for (const value of values) logic.post(`d-${value}`, 'reading', { value });
    await open(logic, values.length);
    await logic.crash();
    return logic;
  }

  /** The same, twice. */
  async function crashedTwice(values: readonly number[]): Promise<LogicUnderTest> {
    const logic = await startLogic({ after: await crashedOnce(values) });
    await open(logic, values.length);
    await logic.crash();
    expect(opened(logic)).toMatchObject({ isTrial: false });
    return logic;
  }

  const open = (logic: LogicUnderTest, turns: number) =>
    eventually(`${turns} turns are open`, () => logic.status().openTurns === turns);

  it('turns that were there are written down before they begin, and those that come later are not', async () => {
    const logic = await startLogic({ after: await crashedOnce([1, 2]) });
    await open(logic, 2);
    const { open: before } = opened(logic) as { open: string[] };
    expect(before).toHaveLength(2);
    logic.post('d-3', 'reading', { value: 3 });
    await open(logic, 3);
    expect(opened(logic)).toEqual({ open: before, isTrial: false });
  });

  it('turns begin at once when it was a stop', async () => {
    const first = await startLogic();
    await first.logic.stop(1_000);
    expect(opened(first)).toBeUndefined();
    const logic = await startLogic({ after: first });
    script.handle = () => new Promise(() => {});
    logic.post('d-1', 'reading', { value: 1 });
    await open(logic, 1);
    expect(opened(logic)).toEqual({ open: [], isTrial: false });
  });

  it('those that were open at a second one are called alone, each with an attempt more', async () => {
    const before = await crashedTwice([1, 2, 3]);
    const calls: string[] = [];
    let mostAtOnce = 0;
    let now = 0;
    script.handle = async ({ data }, turn) => {
      calls.push(`${data.value} attempt ${turn.attempt}`);
      mostAtOnce = Math.max(mostAtOnce, ++now);
      await setImmediate();
      now--;
    };
    const logic = await startLogic({ after: before });
    await logic.idle();
    expect(calls.sort()).toEqual(['1 attempt 2', '2 attempt 2', '3 attempt 2']);
    expect(mostAtOnce).toBe(1);
    expect(onRecord(logic)).toEqual([]);
    expect(await letters(logic)).toEqual([]);
  });

  it('the one that was open alone is called alone again at a third one', async () => {
    const third = await startLogic({ after: await crashedTwice([1, 2]) });
    await open(third, 1);
    await third.crash();
    const calls: string[] = [];
    script.handle = ({ data }, turn) => calls.push(`${data.value} attempt ${turn.attempt}`);
    const logic = await startLogic({ after: third });
    await logic.idle();
    expect(calls.sort()).toEqual(['1 attempt 3', '2 attempt 2']);
    expect(await letters(logic)).toEqual([]);
    expect(onRecord(logic)).toEqual([]);
  });

  it('the one that was open alone at as many as it may fail is a dead letter, and is not called', async () => {
    let crashed = await crashedTwice([1, 2]);
    for (let crash = 3; crash <= 5; crash++) {
      const next = await startLogic({ after: crashed });
      await open(next, 1);
      expect(opened(next)).toMatchObject({ open: [expect.anything()], isTrial: true });
      await next.crash();
      crashed = next;
    }
    const calls: number[] = [];
    script.handle = ({ data }) => calls.push(data.value);
    const logic = await startLogic({ after: crashed });
    await logic.idle();
    const [letter, ...more] = await letters(logic);
    expect(letter).toMatchObject({
      error: "it was open when the hub's process ended without a stop, the last time alone; it failed 4 times.",
      attempts: 4,
    });
    expect(more).toEqual([]);
    expect(calls).toHaveLength(1);
    expect(JSON.parse(letter?.payload ?? '')).not.toEqual({ value: calls[0] });
    expect(onRecord(logic)).toEqual([]);
  });

  it('one turn of the whole hub is under trial at a time, however many plugins have suspects', async () => {
    const plugins = { scripted: {}, second: { from: resolve(PLUGIN_FOLDER, 'scripted') } };
    const openIn = (logic: LogicUnderTest) => Object.keys(plugins).filter((name) => logic.status(name).openTurns === 1);
    let logic = await startLogic({ plugins });
    script.handle = () => new Promise(() => {});
    logic.post('d-1', 'reading', { value: 1 });
    for (let crash = 1; crash <= 2; crash++) {
      await eventually('it is open in both', () => openIn(logic).length === 2);
      await logic.crash();
      logic = await startLogic({ plugins, after: logic });
    }
    await eventually('it is open in one', () => openIn(logic).length > 0);
    await settled();
    const [first] = openIn(logic);
    expect(openIn(logic)).toEqual([first]);
    // It has had its time, and waits for its next attempt.
    logic.clock.advance(11_000);
    await eventually('it is open in the other one', () => openIn(logic).length > 0 && openIn(logic)[0] !== first);
  });
});
