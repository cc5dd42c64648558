import { describe, expect, it } from '@jest/globals';
import { Backoff } from '../../src/cli/backoff.js';

describe('the wait before another try', () => {
  it('doubles from half a second to half a minute', () => {
    const backoff = new Backoff(() => 1);
    expect(Array.from({ length: 8 }, () => backoff.next())).toEqual([
      500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000,
    ]);
  });

  it('is anything from half of that on, so that clients do not come back together', () => {
    const backoff = new Backoff(() => 0);
    expect([backoff.next(), backoff.next()]).toEqual([250, 500]);
  });

  it('begins anew after a success', () => {
    const backoff = new Backoff(() => 1);
    backoff.next();
    backoff.next();
    backoff.reset();
    expect(backoff.next()).toBe(500);
  });
});
