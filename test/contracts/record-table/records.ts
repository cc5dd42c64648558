import { expect, it } from '@jest/globals';
import { LateText } from '../../../src/engine/record-table.js';
import { wideSetting } from '../message-log/log-under-test.js';
import { allOf, conflictOf, type MakeEngine, put, removal, write } from './engine-under-test.js';

class Greeting extends LateText {
  constructor(private readonly name: string) {
    super();
  }

  write(): string {
    return `hello ${this.name}`;
  }
}

/** One record: written, changed, compared, deleted. */
export function recordsOf(makeEngine: MakeEngine): void {
  it('gives back what was written, with the revision of its change', async () => {
    const { engine } = await makeEngine(wideSetting());
    const value = JSON.stringify({ text: 'küche 🏠 \0 "', n: 1 });
    const revision = await write(engine, put('a', value));
    expect(await engine.table('things').get('a')).toEqual({ key: 'a', value, revision });
    expect(await engine.table('things').get('b')).toBeUndefined();
    expect(await engine.table('others').get('a')).toBeUndefined();
  });

  it('keeps a text that is made when it is asked for, also in a range', async () => {
    const { engine } = await makeEngine(wideSetting());
    const things = engine.table('things');
    const revision = await write(engine, { table: 'things', key: 'a', value: new Greeting('küche') });
    expect((await things.range({ limit: 10 })).map(({ value }) => value)).toEqual(['hello küche']);
    expect((await things.get('a'))?.value).toBe('hello küche');
    await write(engine, put('a', 'bye', { ifRevision: revision }));
    expect((await things.get('a'))?.value).toBe('bye');
  });

  it('keeps an empty value, and one of a megabyte', async () => {
    const { engine } = await makeEngine(wideSetting());
    const large = 'ü'.repeat(500_000);
    await write(engine, put('empty', ''), put('large', large));
    expect((await engine.table('things').get('empty'))?.value).toBe('');
    expect((await engine.table('things').get('large'))?.value).toBe(large);
  });

  it('raises the revision with every change, over all tables', async () => {
    const { engine } = await makeEngine(wideSetting());
    const first = await write(engine, put('a', '1'));
    const second = await write(engine, put('a', '2', { table: 'others' }));
    const third = await write(engine, put('a', '3'), put('b', '3'));
    expect(first).toBeGreaterThan(0);
    expect(second).toBeGreaterThan(first);
    expect(third).toBeGreaterThan(second);
    expect((await engine.table('things').get('b'))?.revision).toBe(third);
    expect((await engine.table('others').get('a'))?.revision).toBe(second);
  });

  it('writes only over the revision that was read', async () => {
    const { engine } = await makeEngine(wideSetting());
    const first = await write(engine, put('a', '1', { ifRevision: 0 }));
    const second = await write(engine, put('a', '2', { ifRevision: first }));
    expect(await conflictOf(() => write(engine, put('a', 'late', { ifRevision: first })))).toBe(
      `Record "a" of "things" has revision ${second} and was expected at revision ${first}: it was changed meanwhile. ` +
        'Read it again and decide again.',
    );
    expect(await allOf(engine)).toEqual(['a=2']);
  });

  it('makes a record only where there is none, when asked so', async () => {
    const { engine } = await makeEngine(wideSetting());
    const revision = await write(engine, put('a', '1'));
    expect(await conflictOf(() => write(engine, put('a', '2', { ifRevision: 0 })))).toContain(
      `has revision ${revision} and was not to exist`,
    );
    expect(await conflictOf(() => write(engine, put('b', '2', { ifRevision: 7 })))).toContain(
      'does not exist and was expected at revision 7',
    );
    expect(await allOf(engine)).toEqual(['a=1']);
  });

  it('deletes a record, at a revision or whatever it is, and one that is not there', async () => {
    const { engine } = await makeEngine(wideSetting());
    const revision = await write(engine, put('a', '1'), put('b', '1'));
    await conflictOf(() => write(engine, removal('a', { ifRevision: revision + 1 })));
    await write(engine, removal('a', { ifRevision: revision }), removal('b'), removal('c'));
    expect(await allOf(engine)).toEqual([]);
    await write(engine, put('a', 'again', { ifRevision: 0 }));
    expect(await allOf(engine)).toEqual(['a=again']);
  });

  it('lets one of many win who change the same record at once', async () => {
    const { engine } = await makeEngine(wideSetting());
    const ifRevision = await write(engine, put('a', '0'));
    const attempts = Array.from({ length: 10 }, (_, i) => write(engine, put('a', `${i + 1}`, { ifRevision })));
    const outcomes = await Promise.allSettled(attempts);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', ...Array(9).fill('rejected')]);
    expect(await allOf(engine)).toEqual(['a=1']);
  });

  it('lets each read what it has just handed over, before it is safe', async () => {
    const { engine } = await makeEngine(wideSetting());
    const first = engine.commit({ records: [put('a', '1'), put('b', '1')] });
    expect((await engine.table('things').get('a'))?.value).toBe('1');
    const second = engine.commit({ records: [removal('b'), put('c', '2')] });
    expect(await allOf(engine)).toEqual(['a=1', 'c=2']);
    await Promise.all([first, second]);
    expect(await allOf(engine)).toEqual(['a=1', 'c=2']);
  });

  it('stops what no engine can keep', async () => {
    const { engine } = await makeEngine(wideSetting());
    const refused = [
      put('a', '1', { table: 'Things' }),
      put('a', '1', { table: '' }),
      put('', '1'),
      put('a\0b', '1'),
      put('ü'.repeat(513), '1'),
    ];
    for (const change of refused) {
      await expect((async () => engine.commit({ records: [put('b', '1'), change] }))()).rejects.toThrow(RangeError);
    }
    await write(engine, put('ü'.repeat(512), '1', { table: '0-a.b' }));
    expect(await allOf(engine)).toEqual([]);
  });
}
