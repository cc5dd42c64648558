import { describe, expect, it } from '@jest/globals';
import { Latencies, percentile } from './latencies.js';

describe('Latencies', () => {
  it('are summed up by nearest rank, in whichever order they came', () => {
    const latencies = new Latencies();
    for (let i = 10_000; i >= 1; i--) latencies.add(i);
    expect(latencies.summary()).toEqual({ p50Ms: 5_000, p99Ms: 9_900, p999Ms: 9_990, maxMs: 10_000 });
  });

  it('sum up to nothing when there are none', () => {
    expect(new Latencies().summary()).toBeUndefined();
  });

  it.each([
    [50, [1], 1],
    [50, [1, 2], 1],
    [99, [1, 2, 3], 3],
    [99.9, Array.from({ length: 1000 }, (_, i) => i + 1), 999],
    [100, [1, 2, 3], 3],
  ])('have a %p. percentile', (percent, sorted, value) => {
    expect(percentile(sorted, percent)).toBe(value);
  });

  it.each([
    [50, []],
    [0, [1]],
    [101, [1]],
    [Number.NaN, [1]],
  ])('have no %p. percentile of %p', (percent, sorted) => {
    expect(() => percentile(sorted, percent)).toThrow(RangeError);
  });
});
