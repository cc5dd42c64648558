import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SortedTexts } from '../../src/engine/sorted-texts.js';

/** Enough texts for several runs, in an order of no order. */
const many = Array.from({ length: 5_000 }, (_, i) => `device-${(i * 3_271) % 5_000}`);

describe('SortedTexts', () => {
  it('has what a sorted set would have, whatever is added and deleted', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 3 });
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
        expect([...sorted.from(least)]).toEqual([...model].sort().filter((text) => text >= least));
      }),
    );
  });

  it('keeps the order over many runs', () => {
    const sorted = new SortedTexts();
    for (const text of many) sorted.add(text);
    const ordered = [...many].sort();
    expect([...sorted.from('')]).toEqual(ordered);
    expect(sorted.from('device-4').next().value).toBe('device-4');
    for (const text of many.slice(0, 4_000)) sorted.delete(text);
    expect([...sorted.from('')]).toEqual(many.slice(4_000).sort());
    for (const text of many) sorted.delete(text);
    expect([...sorted.from(''), sorted.size]).toEqual([0]);
  });
});
