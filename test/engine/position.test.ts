import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  BEFORE_ALL,
  formatPosition,
  joinedPosition,
  nextPosition,
  parsePosition,
  positionOf,
  secondOf,
  tagOf,
} from '../../src/engine/position.js';

const second = fc.integer({ min: 0, max: 2 ** 32 });
const tag = fc.integer({ min: 0, max: 2 ** 20 - 1 });

/** The naive model: a pair, compared part by part. */
function comparePairs([s1, t1]: readonly number[], [s2, t2]: readonly number[]): number {
  return Math.sign(s1 === s2 ? (t1 as number) - (t2 as number) : (s1 as number) - (s2 as number));
}

describe('A position', () => {
  it('is a second and a tag, and gives both back', () => {
    fc.assert(
      fc.property(second, tag, (second, tag) => {
        const position = positionOf(second, tag);
        expect([secondOf(position), tagOf(position)]).toEqual([second, tag]);
        expect(joinedPosition(second, tag)).toBe(position);
        expect(Number.isSafeInteger(position)).toBe(true);
      }),
    );
  });

  it('compares as the pair of second and tag does', () => {
    const pair = fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 5 }));
    fc.assert(
      fc.property(pair, pair, (a, b) => {
        expect(Math.sign(positionOf(...a) - positionOf(...b))).toBe(comparePairs(a, b));
      }),
    );
  });

  it('reads what is out of range as the nearest that is not', () => {
    expect(positionOf(-5, 3)).toBe(positionOf(0, 3));
    expect(positionOf(10, -1)).toBe(positionOf(10, 0));
    expect(positionOf(10, 2 ** 40)).toBe(positionOf(11, 0) - 1);
    expect(secondOf(positionOf(1e15, 0))).toBe(2 ** 32);
    expect(positionOf(0, 0)).toBe(BEFORE_ALL);
  });

  it('follows the clock, or its predecessor when the clock is not ahead of it', () => {
    fc.assert(
      fc.property(second, tag, fc.integer({ min: 0, max: 2 ** 32 * 1000 }), (second, tag, nowMs) => {
        const last = positionOf(second, tag);
        const next = nextPosition(last, nowMs);
        expect(next).toBeGreaterThan(last);
        const clockIsAhead = Math.floor(nowMs / 1000) > second;
        expect(next).toBe(clockIsAhead ? positionOf(Math.floor(nowMs / 1000), 0) : last + 1);
      }),
    );
  });

  it('is written as second:tag and read back', () => {
    expect(formatPosition(positionOf(1_768_478_400, 12))).toBe('1768478400:12');
    fc.assert(
      fc.property(second, tag, (second, tag) => {
        expect(parsePosition(formatPosition(positionOf(second, tag)))).toBe(positionOf(second, tag));
      }),
    );
  });

  it.each([
    '',
    ':',
    '1',
    '1:',
    ':1',
    '1:2:3',
    '-1:0',
    '1:-1',
    ' 1:0',
    '1:0 ',
    '1.5:0',
    '0x1:0',
    '12345678901:0',
    'a:b',
  ])('is not %j', (text) => {
    expect(parsePosition(text)).toBeUndefined();
  });
});
