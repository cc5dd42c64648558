import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type ContactGap,
  FIRST_PATIENCE_MS,
  learnGap,
  MAX_PATIENCE_MS,
  MIN_PATIENCE_MS,
  patienceMs,
} from '../../src/devices/contact-gap.js';

function learned(samples: readonly number[]): ContactGap | undefined {
  return samples.reduce<ContactGap | undefined>(learnGap, undefined);
}

const MINUTE = 60_000;

describe('The gap between contacts', () => {
  it('is unknown at first, and patience then is a minute', () => {
    expect(patienceMs(undefined)).toBe(FIRST_PATIENCE_MS);
  });

  it('of a device that polls again at once gives it the least patience', () => {
    expect(patienceMs(learned(Array(100).fill(20)))).toBe(MIN_PATIENCE_MS);
  });

  it('of a device that comes every minute settles a little above a minute', () => {
    const patience = patienceMs(learned(Array(500).fill(MINUTE)));
    expect(patience).toBeGreaterThanOrEqual(MINUTE);
    expect(patience).toBeLessThan(1.2 * MINUTE);
  });

  it('of a device that comes in bursts stays above the pauses between them', () => {
    const burst = [...Array(19).fill(200), 10 * MINUTE];
    const gap = learned(Array(20).fill(burst).flat());
    const atEndOfBurst = learned([...Array(20).fill(burst).flat(), ...Array(19).fill(200)]);
    expect(patienceMs(gap)).toBeGreaterThan(10 * MINUTE);
    expect(patienceMs(atEndOfBurst)).toBeGreaterThan(10 * MINUTE);
  });

  it('takes one night switched off as no more than twice the patience', () => {
    const usual = learned(Array(500).fill(MINUTE));
    const afterNight = learnGap(usual, 10 * 60 * MINUTE);
    expect(patienceMs(afterNight)).toBeLessThan(5 * patienceMs(usual));
  });

  it('follows a device that became slower for good within a few contacts', () => {
    const gap = learned([...Array(100).fill(20), ...Array(12).fill(60 * MINUTE)]);
    expect(patienceMs(gap)).toBeGreaterThanOrEqual(60 * MINUTE);
  });

  it('follows a device that became faster for good', () => {
    const gap = learned([...Array(20).fill(60 * MINUTE), ...Array(2_000).fill(1_000)]);
    expect(patienceMs(gap)).toBe(MIN_PATIENCE_MS);
  });

  it('is whole and bounded, whatever it is taught', () => {
    const samples = fc.array(fc.double({ min: -1e15, max: 1e15, noNaN: true }), { maxLength: 200 });
    fc.assert(
      fc.property(samples, (taught) => {
        const gap = learned(taught);
        const patience = patienceMs(gap);
        expect(patience).toBeGreaterThanOrEqual(MIN_PATIENCE_MS);
        expect(patience).toBeLessThanOrEqual(MAX_PATIENCE_MS);
        for (const ms of gap ? [gap.meanMs, gap.deviationMs] : []) {
          expect(Number.isSafeInteger(ms) && ms >= 0 && ms <= 2 * MAX_PATIENCE_MS).toBe(true);
        }
      }),
    );
  });
});
