import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { matchesGlob, prefixOf } from '../../../src/commands/jobs/glob.js';

describe('matchesGlob', () => {
  it.each([
    ['*', '', true],
    ['fan-*', 'fan-', true],
    ['fan-*', 'fan', false],
    ['*-7', 'fan-17-7', true],
    ['a*b*c', 'a-bb-c', true],
    ['a*b*c', 'a-c-b', false],
    ['a', 'a', true],
    ['a', 'ab', false],
    ['f.n', 'fan', false],
  ])('of %s and "%s" is %s', (pattern, text, expected) => {
    expect(matchesGlob(pattern, text)).toBe(expected);
  });

  it('agrees with a regular expression', () => {
    const words = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    const texts = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
    fc.assert(
      fc.property(words, texts, (pattern, text) => {
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(text);
        expect(matchesGlob(pattern, text)).toBe(expected);
        if (expected) expect(text.startsWith(prefixOf(pattern))).toBe(true);
      }),
    );
  });
});
