import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ById } from '../../../src/commands/queue/by-id.js';

interface Item {
  readonly id: string;
  readonly value: number;
}

const step = fc.record({ id: fc.integer({ min: 1, max: 8 }).map(String), value: fc.option(fc.nat(9)) });

describe('Items by their ids', () => {
  it('are what a Map has, in its order, however many there are', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const items = new ById<Item>();
        const model = new Map<string, Item>();
        for (const { id, value } of steps) {
          if (value === null) {
            items.delete(id);
            model.delete(id);
          } else {
            items.put({ id, value });
            model.set(id, { id, value });
          }
          expect([...items.values()]).toEqual([...model.values()]);
          expect(items.size).toBe(model.size);
          expect(items.get(id)).toEqual(model.get(id));
          if (items.few) expect(items.few).toEqual([...model.values()]);
        }
      }),
    );
  });

  it('may be deleted while they are looked through', () => {
    for (const count of [3, 30]) {
      const items = new ById<Item>();
      for (let i = 0; i < count; i++) items.put({ id: `${i}`, value: i });
      for (const { id } of items.values()) items.delete(id);
      expect(items.size).toBe(0);
    }
  });
});
