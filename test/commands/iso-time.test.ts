import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isoTime } from '../../src/commands/iso-time.js';

it('A time is written as Date writes it', () => {
  const LAST = 8_640_000_000_000_000;
  const ms = fc.oneof(
    fc.integer({ min: -LAST, max: LAST }),
    fc.integer({ min: 0, max: 3_000 }),
    fc.double({ min: 0, max: 1e13, noNaN: true }),
  );
  fc.assert(
    fc.property(fc.array(ms, { minLength: 1 }), (times) => {
      for (const time of times) expect(isoTime(time)).toBe(new Date(time).toISOString());
    }),
  );
});
