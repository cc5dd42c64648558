import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { paceOf } from '../../../src/commands/jobs/pace.js';

const PERIODS = { s: 1_000, m: 60_000, h: 3_600_000 };

describe('paceOf', () => {
  it.each([
    ['10/s', { count: 10, everyMs: 1_000 }],
    ['90/m', { count: 2, everyMs: 1_334 }],
    ['7/m', { count: 1, everyMs: 8_572 }],
    ['1/h', { count: 1, everyMs: 3_600_000 }],
    ['1000/s', { count: 1_000, everyMs: 1_000 }],
  ])('sends %s in even batches', (rate, pace) => {
    expect(paceOf(rate)).toEqual(pace);
  });

  it('never exceeds a rate in any stretch of its length, and falls little behind it', () => {
    const rates = fc.record({ number: fc.integer({ min: 1, max: 1_000 }), unit: fc.constantFrom('s', 'm', 'h') });
    fc.assert(
      fc.property(rates, ({ number, unit }) => {
        const period = PERIODS[unit as keyof typeof PERIODS];
        const { count, everyMs } = paceOf(`${number}/${unit}`);
        const batchesInAnyPeriod = Math.ceil(period / everyMs);
        expect(batchesInAnyPeriod * count).toBeLessThanOrEqual(number);
        expect((count / everyMs) * period).toBeGreaterThan(number * 0.66);
      }),
    );
  });

  it.each(['', '10', '10/d', '0/s', '1001/s', '3600001/h', '-1/s', '1.5/s', '10 / s'])('refuses "%s"', (rate) => {
    expect(() => paceOf(rate)).toThrow(expect.objectContaining({ code: 'invalid_payload' }));
  });
});
