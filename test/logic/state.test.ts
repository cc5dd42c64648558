import { afterEach, describe, expect, it } from '@jest/globals';
import type { Turn } from '../../src/plugin/index.js';
import { eventually } from '../support/eventually.js';
import { script } from './plugins/scripted/index.js';
import { startLogic, stopLogic } from './support/started-logic.js';

afterEach(stopLogic);

/** Runs one turn and gives what it gave. */
async function inTurn<T>(logic: Awaited<ReturnType<typeof startLogic>>, act: (turn: Turn) => Promise<T>): Promise<T> {
  let result: { readonly value: T } | undefined;
  script.handle = async (_, turn) => {
    result = { value: await act(turn) };
  };
  logic.post('fan-1', 'reading', { value: 0 });
  await logic.idle();
  if (!result) throw new Error('The turn failed.');
  return result.value;
}

describe('The state of a plugin', () => {
  it('is kept by key and for all, over turns and restarts', async () => {
    const first = await startLogic();
    await inTurn(first, async ({ state }) => {
      state.for('fan-1').set('on', true);
      state.for('fan-2').set('on', { since: 5 });
      state.global.set('count', 1);
    });
    await first.logic.stop(1_000);
    const second = await startLogic({ after: first });
    const read = await inTurn(second, async ({ state }) => [
      await state.for('fan-1').get('on'),
      await state.for('fan-2').get('on'),
      await state.for('fan-3').get('on'),
      await state.global.get('count'),
    ]);
    expect(read).toEqual([true, { since: 5 }, undefined, 1]);
  });

  it('shows a turn what it has set itself', async () => {
    const logic = await startLogic();
    await inTurn(logic, async ({ state }) => {
      state.global.set('a', 1);
      state.global.set('b', 2);
    });
    const seen = await inTurn(logic, async ({ state: { global } }) => {
      global.set('a', 'new');
      global.delete('b');
      global.set('c', 3);
      return [await global.get('a'), await global.get('b'), await global.list()];
    });
    expect(seen).toEqual([
      'new',
      undefined,
      [
        { name: 'a', value: 'new' },
        { name: 'c', value: 3 },
      ],
    ]);
    expect(await inTurn(logic, ({ state }) => state.global.list('c'))).toEqual([{ name: 'c', value: 3 }]);
  });

  it('is listed by the beginning of the name, of one key alone', async () => {
    const logic = await startLogic();
    await inTurn(logic, async ({ state }) => {
      for (const name of ['room/2', 'room/1', 'roof', '\u{1f600}']) state.for('a').set(name, name.length);
      state.for('a.b').set('room/3', 0);
      state.global.set('room/4', 0);
    });
    const names = (prefix?: string) =>
      inTurn(logic, async ({ state }) => (await state.for('a').list(prefix)).map(({ name }) => name));
    expect(await names('room/')).toEqual(['room/1', 'room/2']);
    expect(await names('roo')).toEqual(['roof', 'room/1', 'room/2']);
    expect(await names()).toEqual(['roof', 'room/1', 'room/2', '\u{1f600}']);
  });

  it('is not changed by a turn that throws or skips', async () => {
    const logic = await startLogic();
    script.handle = async ({ data }, turn) => {
      turn.state.global.set('a', 1);
      if (data.value > 0) throw new Error('no');
      turn.skip('not today');
    };
    for (const value of [0, 1]) logic.post('fan-2', 'reading', { value });
    await logic.idleInTime();
    expect(await inTurn(logic, ({ state }) => state.global.get('a'))).toBeUndefined();
    expect(logic.status().counters.skipped).toBe(1);
  });

  it('loses no change of turns that count side by side: one of them is called again', async () => {
    const logic = await startLogic();
    let calls = 0;
    let open = () => {};
    const opened = new Promise<void>((resolve) => {
      open = resolve;
    });
    script.handle = async (_, { state }) => {
      const count = (await state.global.get<number>('count')) ?? 0;
      if (++calls <= 5) await opened;
      state.global.set('count', count + 1);
    };
    for (const device of ['a', 'b', 'c', 'd', 'e']) logic.post(device, 'reading', { value: 0 });
    await eventually('all have read', () => calls === 5);
    open();
    await logic.idle();
    expect(await inTurn(logic, ({ state }) => state.global.get('count'))).toBe(5);
    expect(logic.status().counters).toMatchObject({ turns: 6, failed: 0, conflicts: calls - 5 });
    expect(calls).toBeGreaterThan(5);
  });

  it('is refused beyond the grant, and the turn goes to the dead letters', async () => {
    const logic = await startLogic();
    script.handle = async (_, { state }) => {
      for (let i = 0; i < 300; i++) state.global.set(`v${i}`, 'x'.repeat(60_000));
    };
    logic.post('fan-1', 'reading', { value: 0 });
    await logic.idle();
    const [letter] = await logic.logic.deadLetters('scripted', '', 10);
    expect(letter?.error).toMatch(
      /^The state of scripted would have \d+ bytes, and its grant is 16777216 \(grants\.state\)\./,
    );
    expect(await inTurn(logic, ({ state }) => state.global.list())).toEqual([]);
  });

  it.each([
    ['a key that is none', (turn: Turn) => turn.state.for('a/b'), 'names no state'],
    ['an empty name', (turn: Turn) => turn.state.global.set('', 1), 'names no state'],
    ['what JSON cannot say', (turn: Turn) => turn.state.global.set('a', undefined), 'which JSON cannot say'],
    ['a value that is too large', (turn: Turn) => turn.state.global.set('a', 'x'.repeat(70_000)), '65536 are allowed'],
  ])('refuses %s where it is asked for', async (_, ask, sentence) => {
    const logic = await startLogic();
    const refusal = await inTurn(logic, async (turn) => {
      try {
        ask(turn);
      } catch (error) {
        return error;
      }
    });
    expect(refusal).toMatchObject({ code: 'invalid_payload', message: expect.stringContaining(sentence) });
  });
});
