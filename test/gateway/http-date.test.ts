import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { httpDate, parseHttpDate } from '../../src/gateway/http-date.js';

const NOON = Date.UTC(2026, 0, 15, 12, 0, 0) / 1000;

describe('parseHttpDate', () => {
  it.each([
    ['Thu, 15 Jan 2026 12:00:00 GMT'],
    ['Thursday, 15-Jan-26 12:00:00 GMT'],
    ['Thu Jan 15 12:00:00 2026'],
    ['Thu, 15 Jan 2026 12:00:00'],
    ['Thu, 15 Jan 2026 12:00:00 +0200'],
    ['Thu, 15 Jan 2026 12:00:00 UTC'],
    ['Mon, 15 Jan 2026 12:00:00 GMT'],
    ['"Thu, 15 Jan 2026 12:00:00 GMT"'],
    ['Thu, 15 Jan 2026 12:00:00 GMT; length=5'],
  ])('reads %p as the second it names, weekday and zone unread', (text) => {
    expect(parseHttpDate(text)).toBe(NOON);
  });

  it.each([
    ['garbage'],
    ['0'],
    ['-1'],
    ['1768478400'],
    ['thu, 15 jan 2026 12:00:00 gmt'],
    ['15 Jan 2026 12:00:00 GMT'],
    ['Thu 15 Jan 2026 12:00:00 GMT'],
    ['Sat, 31 Feb 2026 12:00:00 GMT'],
    ['Sun, 29 Feb 2026 12:00:00 GMT'],
    ['Mon, 15 Jan 1900 12:00:00 GMT'],
    ['Thu, 15 Jan 2026 24:00:00 GMT'],
    ['Thu, 15 Jan 2026 12:60:00 GMT'],
    ['Thu, 15 Foo 2026 12:00:00 GMT'],
    [''],
  ])('finds no date in %p', (text) => {
    expect(parseHttpDate(text)).toBeUndefined();
  });

  it('reads the two-digit years of RFC 850 as 1970 to 2069', () => {
    expect(parseHttpDate('Sunday, 06-Nov-94 08:49:37 GMT')).toBe(784111777);
    expect(parseHttpDate('Friday, 01-Jan-69 00:00:00 GMT')).toBe(Date.UTC(2069, 0, 1) / 1000);
  });

  it('takes 29 February of a leap year', () => {
    expect(parseHttpDate('Thu, 29 Feb 2024 00:00:00 GMT')).toBe(Date.UTC(2024, 1, 29) / 1000);
  });

  it('reads back every date that httpDate writes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 253402300799 }), (second) => {
        expect(parseHttpDate(httpDate(second))).toBe(second);
      }),
    );
  });
});
