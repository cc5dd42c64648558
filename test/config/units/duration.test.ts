import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatDuration, parseDuration } from '../../../src/config/units/duration.js';

const DAY = 86_400_000;

describe('A time', () => {
  it.each([
    ['0', 0],
    [90, 90_000],
    ['90', 90_000],
    ['90s', 90_000],
    ['500ms', 500],
    ['5m', 300_000],
    ['2h', 7_200_000],
    ['1h30m', 5_400_000],
    ['1h 30m', 5_400_000],
    ['1m500ms', 60_500],
    [' 2h ', 7_200_000],
    ['1d', DAY],
    ['1w', 7 * DAY],
    ['1M', 30 * DAY],
    ['1y', 365 * DAY],
    ['1y1M1w1d1h1m1s1ms', (365 + 30 + 7 + 1) * DAY + 3_600_000 + 60_000 + 1_000 + 1],
  ])('%j is %d ms', (written, ms) => {
    expect(parseDuration(written)).toBe(ms);
  });

  it.each(['', ' ', 'h', '1.5h', '-1s', '2hours', '30m1h', '1h1h', '1h30', '1H', '1 h', '999999999y', 0.5, -1])(
    '%j is none',
    (written) => {
      expect(parseDuration(written)).toBeUndefined();
    },
  );

  it.each([true, null, undefined, ['1h'], {}])('%j is none', (written) => {
    expect(parseDuration(written)).toBeUndefined();
  });

  it.each([
    [0, '0s'],
    [1, '1ms'],
    [75_000, '1m15s'],
    [7_200_000, '2h'],
    [5_400_000, '1h30m'],
    [3650 * DAY, '3650d'],
    [DAY + 1, '1d1ms'],
  ])('%d ms are told as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  it('is read back as it is told', () => {
    fc.assert(fc.property(fc.maxSafeNat(), (ms) => expect(parseDuration(formatDuration(ms))).toBe(ms)));
  });

  it('is the sum of its parts', () => {
    const unit = fc.constantFrom('d', 'h', 'm', 's', 'ms');
    const parts = fc.uniqueArray(fc.tuple(unit, fc.nat(99_999)), { minLength: 1, selector: ([letter]) => letter });
    fc.assert(
      fc.property(parts, (unordered) => {
        const ordered = unordered.toSorted(([a], [b]) => ORDER.indexOf(a) - ORDER.indexOf(b));
        const sum = ordered.reduce((ms, [letter, count]) => ms + (parseDuration(`${count}${letter}`) as number), 0);
        expect(parseDuration(ordered.map(([letter, count]) => `${count}${letter}`).join(''))).toBe(sum);
      }),
    );
  });
});

const ORDER = ['d', 'h', 'm', 's', 'ms'];
