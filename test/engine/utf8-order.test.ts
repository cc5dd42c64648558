import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareUtf8 } from '../../src/engine/utf8-order.js';

it('compares any two texts as their UTF-8 bytes compare', () => {
  const unit = fc.oneof(
    fc.constantFrom('a', '\0', 'ü', '\ud7ff', '\ue000', '\uffff', '🏠'),
    fc.string({ maxLength: 1 }),
  );
  const text = fc.string({ unit, maxLength: 6 });
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareUtf8(a, b))).toBe(Buffer.from(a).compare(Buffer.from(b)));
    }),
    { numRuns: 2_000 },
  );
});
