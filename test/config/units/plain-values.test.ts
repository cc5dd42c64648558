import { describe, expect, it } from '@jest/globals';
import { parseCount, parseSwitch } from '../../../src/config/units/plain-values.js';

describe('A switch', () => {
  it.each([true, 'true', 'on', 'On', 'TRUE'])('is on as %j', (written) => {
    expect(parseSwitch(written)).toBe(true);
  });

  it.each([false, 'false', 'off', 'OFF'])('is off as %j', (written) => {
    expect(parseSwitch(written)).toBe(false);
  });

  it.each([1, 0, '1', '', 'yes', 'no', 'onn', null, undefined, [], ['on']])('is none as %j', (written) => {
    expect(parseSwitch(written)).toBeUndefined();
  });
});

describe('A number', () => {
  it.each([
    [0, 0],
    [1_000_000, 1_000_000],
    ['12', 12],
  ])('%j is %d', (written, count) => {
    expect(parseCount(written)).toBe(count);
  });

  it.each([-1, 1.5, 1e21, Number.NaN, Number.POSITIVE_INFINITY, '', ' 1', '1k', '0x1', true, null, [1]])(
    '%j is none',
    (written) => {
      expect(parseCount(written)).toBeUndefined();
    },
  );
});
