import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Engine } from '../../../src/engine/engine.js';
import type { RecordRange } from '../../../src/engine/record-table.js';
import { wideSetting } from '../message-log/log-under-test.js';
import { type MakeEngine, put, removal, write } from './engine-under-test.js';

async function keysIn(engine: Engine, range: Partial<RecordRange> = {}, table = 'things'): Promise<string[]> {
  return (await engine.table(table).range({ limit: 10_000, ...range })).map(({ key }) => key);
}

/** Any text that a key may be; beyond 0xFFFF UTF-8 and UTF-16 order differ. */
const key = fc
  .string({ unit: fc.constantFrom('a', 'b', '/', 'ü', '\uffee', '🏠'), minLength: 1, maxLength: 4 })
  .filter((text) => text !== '');

const bytesOf = (text: string) => Buffer.from(text);

/** Records in the order of their keys, both ways. */
export function rangesOf(makeEngine: MakeEngine): void {
  it('gives the records of one table in the order of their keys', async () => {
    const { engine } = await makeEngine(wideSetting());
    await write(engine, put('b', ''), put('a', ''), put('b/1', ''), put('c', ''), put('B', ''));
    await write(engine, put('a', '', { table: 'thing' }), put('z', '', { table: 'things2' }));
    expect(await keysIn(engine)).toEqual(['B', 'a', 'b', 'b/1', 'c']);
    expect(await keysIn(engine, {}, 'thing')).toEqual(['a']);
    expect(await keysIn(engine, {}, 'nothing')).toEqual([]);
  });

  it('gives those from one key and before another, as many as asked for', async () => {
    const { engine } = await makeEngine(wideSetting());
    await write(engine, ...['a', 'b', 'c', 'd', 'e'].map((key) => put(key, '')));
    expect(await keysIn(engine, { from: 'b', before: 'd' })).toEqual(['b', 'c']);
    expect(await keysIn(engine, { from: 'bb', limit: 2 })).toEqual(['c', 'd']);
    expect(await keysIn(engine, { before: 'c' })).toEqual(['a', 'b']);
    expect(await keysIn(engine, { from: 'd', before: 'b' })).toEqual([]);
    expect(await keysIn(engine, { from: 'f' })).toEqual([]);
  });

  it('gives the same from the highest key down', async () => {
    const { engine } = await makeEngine(wideSetting());
    await write(engine, ...['a', 'b', 'c', 'd', 'e'].map((key) => put(key, '')));
    expect(await keysIn(engine, { reverse: true })).toEqual(['e', 'd', 'c', 'b', 'a']);
    expect(await keysIn(engine, { reverse: true, limit: 2 })).toEqual(['e', 'd']);
    expect(await keysIn(engine, { reverse: true, from: 'b', before: 'd' })).toEqual(['c', 'b']);
    expect(await keysIn(engine, { reverse: true, before: 'c', limit: 1 })).toEqual(['b']);
  });

  it('keeps the order of more records than one step of sorting takes, some of them deleted', async () => {
    const { engine } = await makeEngine(wideSetting());
    const keys = Array.from({ length: 3_000 }, (_, i) => `k${String((i * 1_201) % 3_000).padStart(4, '0')}`);
    await write(engine, ...keys.map((key) => put(key, '')));
    await write(engine, ...keys.slice(0, 1_500).map((key) => removal(key)));
    const left = keys.slice(1_500).sort();
    expect(await keysIn(engine)).toEqual(left);
    expect(await keysIn(engine, { reverse: true, before: left[700] as string, limit: 3 })).toEqual(
      left.slice(697, 700).reverse(),
    );
  });

  it('orders and counts any keys by their UTF-8 bytes, committed or on the way', async () => {
    const changes = fc.array(fc.record({ key, isRemoval: fc.boolean(), isAwaited: fc.boolean() }), { maxLength: 40 });
    const range = fc.record({ from: fc.option(key), before: fc.option(key), reverse: fc.boolean() });
    const { engine } = await makeEngine(wideSetting());
    let run = 0;
    await fc.assert(
      fc.asyncProperty(changes, range, fc.integer({ min: 1, max: 8 }), async (changes, ends, limit) => {
        const table = `run-${run++}`;
        const expected = new Set<string>();
        for (const { key, isRemoval, isAwaited } of changes) {
          const written = write(engine, isRemoval ? removal(key, { table }) : put(key, '', { table }));
          if (isAwaited) await written;
          if (isRemoval) expected.delete(key);
          else expected.add(key);
        }
        const { from, before, reverse } = ends;
        const sorted = [...expected].sort((a, b) => bytesOf(a).compare(bytesOf(b)));
        const meant = sorted.filter(
          (text) =>
            (from === null || bytesOf(text).compare(bytesOf(from)) >= 0) &&
            (before === null || bytesOf(text).compare(bytesOf(before)) < 0),
        );
        const asked = { limit, reverse, ...(from === null ? {} : { from }), ...(before === null ? {} : { before }) };
        expect(await engine.table(table).count(asked)).toBe(meant.length);
        expect(await engine.table(table).count()).toBe(sorted.length);
        expect(await keysIn(engine, asked, table)).toEqual((reverse ? meant.reverse() : meant).slice(0, limit));
      }),
      { numRuns: 60 },
    );
  });
}
