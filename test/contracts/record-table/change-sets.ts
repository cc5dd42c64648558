import { expect, it } from '@jest/globals';
import type { NewMessage } from '../../../src/engine/message-log.js';
import { BEFORE_ALL, type Position } from '../../../src/engine/position.js';
import { bodiesIn, draft, fill, wideSetting } from '../message-log/log-under-test.js';
import { allOf, conflictOf, type MakeEngine, put, write } from './engine-under-test.js';

const message = (channel: string, body: string, keepAtMost = 100) => ({
  channel,
  message: draft(body, { keepAtMost }),
});

/** Records of several tables and messages of several channels: together or not at all. */
export function changeSetsOf(makeEngine: MakeEngine): void {
  it('makes all changes of a set, and tells revision and messages', async () => {
    const { engine } = await makeEngine(wideSetting());
    const { revision, messages } = await engine.commit({
      records: [put('a', '1'), put('b', '2', { table: 'others' })],
      messages: [message('x', 'first'), message('y', 'other'), message('x', 'second')],
    });
    expect(await allOf(engine)).toEqual(['a=1']);
    expect((await engine.table('others').get('b'))?.revision).toBe(revision);
    expect(messages.map(({ body }) => body.toString())).toEqual(['first', 'other', 'second']);
    expect(await bodiesIn(engine.messages, 'x')).toEqual(['first', 'second']);
    expect(await bodiesIn(engine.messages, 'y')).toEqual(['other']);
    expect(messages[2]?.position).toBe(engine.messages.open('x').last);
  });

  it('makes none when one record was changed meanwhile', async () => {
    const { engine } = await makeEngine(wideSetting());
    await write(engine, put('a', '1'));
    await conflictOf(() =>
      engine.commit({
        records: [put('b', '2', { table: 'others' }), put('a', '2', { ifRevision: 0 }), put('c', '2')],
        messages: [message('x', 'never')],
      }),
    );
    expect(await allOf(engine)).toEqual(['a=1']);
    expect(await allOf(engine, 'others')).toEqual([]);
    expect(await engine.messages.open('x').next(BEFORE_ALL)).toBeUndefined();
  });

  it('makes none when there is no room for one of its messages', async () => {
    const { engine } = await makeEngine(wideSetting({ maxMessages: 3 }));
    await fill(engine.messages, 'full', ['1', '2']);
    const refused = (async () =>
      engine.commit({ records: [put('a', '1')], messages: [message('x', '3'), message('x', '4')] }))();
    await expect(refused).rejects.toMatchObject({ name: 'EngineError', code: 'log_full' });
    expect(await allOf(engine)).toEqual([]);
    expect(await bodiesIn(engine.messages, 'x')).toEqual([]);
    expect(await bodiesIn(engine.messages, 'full')).toEqual(['1', '2']);
    await engine.commit({ records: [put('a', '2', { ifRevision: 0 })], messages: [message('x', '3')] });
    expect(await bodiesIn(engine.messages, 'x')).toEqual(['3']);
  });

  it('evicts for a set as for single messages', async () => {
    const { engine } = await makeEngine(wideSetting({ maxMessages: 3 }));
    await fill(engine.messages, 'x', ['1', '2']);
    await fill(engine.messages, 'other', ['3']);
    await engine.commit({ records: [], messages: [message('x', '4'), message('x', '5')] });
    expect(await bodiesIn(engine.messages, 'x')).toEqual(['4', '5']);
    expect(await bodiesIn(engine.messages, 'other')).toEqual(['3']);
  });

  it('keeps the buffer length of each message of a set', async () => {
    const { engine } = await makeEngine(wideSetting());
    await fill(engine.messages, 'x', ['1', '2']);
    const messages = ['3', '4', '5'].map((body) => message('x', body, 3));
    await engine.commit({ records: [], messages });
    expect(await bodiesIn(engine.messages, 'x')).toEqual(['3', '4', '5']);
  });

  it('keeps appends and sets in the order of their calls', async () => {
    const { engine } = await makeEngine(wideSetting());
    const log = engine.messages.open('x');
    const first = log.append(draft('1'));
    const set = engine.commit({ records: [put('a', '1')], messages: [message('x', '2'), message('x', '3')] });
    const last = log.append(draft('4'));
    const positions = [(await first).position, ...(await set).messages.map((m) => m.position), (await last).position];
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
    expect(new Set(positions).size).toBe(4);
    expect(await bodiesIn(engine.messages, 'x')).toEqual(['1', '2', '3', '4']);
  });

  it('writes the position of an earlier message of the set into one that refers to it', async () => {
    const { engine } = await makeEngine(wideSetting());
    await engine.messages.open('x').append(draft('before'));
    const first = message('x', 'first');
    const referring = { channel: 'y', message: draft('01234567 rest', { keepAtMost: 9 }), refersTo: 1 };
    const { messages } = await engine.commit({ records: [], messages: [message('z', '-'), first, referring] });
    const [stored] = await engine.messages.open('y').read(BEFORE_ALL, 1);
    expect(stored?.body.readDoubleBE(0)).toBe(messages[1]?.position);
    expect(messages[2]?.body.subarray(8).toString()).toBe(' rest');
  });

  it('lets a message that refers to an earlier one of the set take the position into its body', async () => {
    const { engine } = await makeEngine(wideSetting());
    const second = new Referring();
    const { messages } = await engine.commit({
      records: [],
      messages: [message('x', 'first'), { channel: 'y', message: second, refersTo: 0 }],
    });
    const [stored] = await engine.messages.open('y').read(BEFORE_ALL, 1);
    expect(stored?.body.toString()).toBe(`behind ${messages[0]?.position}`);
  });

  it('tells the ends of sets and appends in the order of their calls', async () => {
    const { engine } = await makeEngine(wideSetting());
    const told: number[] = [];
    const sets = [1, 2, 3].map(async (i) => {
      await engine.commit({ records: [], messages: [message(`x${i}`, 'm')] });
      told.push(i);
    });
    await Promise.all(sets);
    expect(told).toEqual([1, 2, 3]);
  });

  it('takes an empty set', async () => {
    const { engine } = await makeEngine(wideSetting());
    const before = await write(engine, put('a', '1'));
    expect((await engine.commit({ records: [] })).revision).toBeGreaterThanOrEqual(before);
  });

  it('keeps records, messages and revisions over a restart, or none of them', async () => {
    const before = await makeEngine(wideSetting());
    const set = { records: [put('a', '1'), put('b', '1')], messages: [message('x', 'kept')] };
    const { revision } = await before.engine.commit(set);
    const { engine, isDurable } = await before.restart();
    expect(await allOf(engine)).toEqual(isDurable ? ['a=1', 'b=1'] : []);
    expect(await bodiesIn(engine.messages, 'x')).toEqual(isDurable ? ['kept'] : []);
    const next = await write(engine, put('a', '2', { ifRevision: isDurable ? revision : 0 }));
    if (isDurable) expect(next).toBeGreaterThan(revision);
    expect((await engine.table('things').get('a'))?.value).toBe('2');
  });
}

class Referring implements NewMessage {
  readonly contentType = null;
  readonly expiresAt = Number.POSITIVE_INFINITY;
  readonly store = true;
  readonly keepAtMost = 9;
  readonly keepAtLeast = 0;
  private position: Position = BEFORE_ALL;

  refer(position: Position): void {
    this.position = position;
  }

  get body(): Buffer {
    return Buffer.from(`behind ${this.position}`);
  }
}
