import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SortedTexts } from '../../src/engine/sorted-texts.js';
import { compareUtf8 } from '../../src/engine/utf8-order.js';

/** Enough texts for several runs, in an order of no order. */
const many = Array.from({ length: 5_000 }, (_, i) => `device-${(i * 3_271) % 5_000}`);

describe('SortedTexts', () => {
  it('has what a sorted set would have, whatever is added and deleted', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\uffee', '🏠'), maxLength: 3 });
    const step = fc.record({ text, isAdded: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), text, (steps, least) => {
        const sorted = new SortedTexts();
        const model = new Set<string>();
        for (const { text, isAdded } of steps) {
          if (isAdded) sorted.add(text);
          else sorted.delete(text);
          if (isAdded) model.add(text);
          else model.delete(text);
        }
        expect(sorted.size).toBe(model.size);
        const ordered = [...model].sort(compareUtf8);
        expect([...sorted.from(least)]).toEqual(ordered.filter((text) => compareUtf8(text, least) >= 0));
        const below = ordered.filter((text) => compareUtf8(text, least) < 0);
        expect([...sorted.downFrom(least)]).toEqual(below.reverse());
        expect([...sorted.downFrom(undefined)]).toEqual(ordered.reverse());
      }),
    );
  });

  it('keeps the order over many runs', () => {
    const sorted = new SortedTexts();
    for (const text of many) sorted.add(text);
    const ordered = [...many].sort();
    expect([...sorted.from('')]).toEqual(ordered);
    expect(sorted.from('device-4').next().value).toBe('device-4');
    expect([...sorted.downFrom('device-4')]).toEqual(ordered.filter((text) => text < 'device-4').reverse());
    for (const text of many.slice(0, 4_000)) sorted.delete(text);
    expect([...sorted.from('')]).toEqual(many.slice(4_000).sort());
    for (const text of many) sorted.delete(text);
    expect([...sorted.from(''), sorted.size]).toEqual([0]);
  });
});
