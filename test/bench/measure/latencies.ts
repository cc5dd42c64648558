/** Latencies of one turn in ms. */
export interface LatencySummary {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
  readonly maxMs: number;
}

/** Collects latencies one by one; exact, at 8 bytes each. */
export class Latencies {
  private values = new Float64Array(4096);
  private count = 0;

  add(ms: number): void {
    if (this.count === this.values.length) {
      const larger = new Float64Array(this.count * 2);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[this.count++] = ms;
  }

  /** Undefined when there are none. */
  summary(): LatencySummary | undefined {
    if (this.count === 0) return undefined;
    const sorted = this.values.slice(0, this.count).sort();
    return {
      p50Ms: percentile(sorted, 50),
      p99Ms: percentile(sorted, 99),
      p999Ms: percentile(sorted, 99.9),
      maxMs: percentile(sorted, 100),
    };
  }
}

/**
 * The smallest value that at least `percent` % of all are not above (nearest rank).
 * @param sorted ascending, at least one
 * @param percent above 0, at most 100
 * @throws RangeError when there is no value or no such percentage
 */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  if (sorted.length === 0 || !(percent > 0 && percent <= 100)) {
    throw new RangeError(`No ${percent}th percentile of ${sorted.length} values.`);
  }
  // Rounded first: 99.9 / 100 * 1000 is a hair above 999 in floating point.
  const rank = Math.ceil(Number(((percent * sorted.length) / 100).toFixed(6)));
  return sorted[rank - 1] as number;
}
