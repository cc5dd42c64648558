import { describe, expect, it } from '@jest/globals';
import { BEFORE_ALL, positionOf, secondOf } from '../../../src/engine/position.js';
import { askedPosition } from '../../../src/gateway/subscriber/asked-position.js';

const DATE = 'Thu, 15 Jan 2026 12:00:00 GMT';
const SECOND = Date.UTC(2026, 0, 15, 12, 0, 0) / 1000;

describe('askedPosition', () => {
  it.each([
    [undefined, undefined],
    ['', ''],
    ['', '5'],
    [undefined, '5'],
    ['garbage', '5'],
  ])('asks for the oldest when the date is %p and the tag %p', (date, tag) => {
    expect(askedPosition(date, tag)).toBe(BEFORE_ALL);
  });

  it.each([
    [undefined, 0],
    ['', 0],
    ['7', 7],
    ['01', 1],
    [' 1 ', 1],
    ['"1"', 1],
    ['W/"1"', 1],
    ['garbage', 0],
    ['*', 0],
    ['W/1', 0],
    ["'1'", 0],
    ['-1', 0],
    ['1,2', 0],
    ['0x1', 0],
    ['+1', 0],
    ['x1', 0],
    ['1;', 0],
    ['1-gzip', 0],
  ])('reads the tag %p as %p', (tag, expected) => {
    expect(askedPosition(DATE, tag)).toBe(positionOf(SECOND, expected));
  });

  it('takes a tag of 23 digits as behind every message of its second', () => {
    const asked = askedPosition(DATE, '12345678901234567890123');
    expect(secondOf(asked)).toBe(SECOND);
    expect(asked).toBe(positionOf(SECOND + 1, 0) - 1);
  });
});
