import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { plainDigits } from '../../src/gateway/plain-digits.js';

describe('plainDigits', () => {
  it('reads every whole number of up to 15 digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999_999_999 }), (value) => {
        expect(plainDigits(String(value))).toBe(value);
        expect(plainDigits(`x:${value}`, 2)).toBe(value);
      }),
    );
  });

  it('agrees with an expression on any text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9 +.eEx-]*$/), (text) => {
        expect(plainDigits(text)).toBe(/^[0-9]{1,15}$/.test(text) ? Number(text) : -1);
      }),
    );
  });

  it.each(['', '-1', '1.', '1 ', ' 1', '0x10', '1e3', '\u0661', '1234567890123456'])('refuses %p', (text) => {
    expect(plainDigits(text)).toBe(-1);
  });

  it('refuses to read past the end', () => {
    expect(plainDigits('12', 2)).toBe(-1);
  });
});
