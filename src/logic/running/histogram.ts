/** Buckets for each doubling; the error of a percentile is half of one. */
const STEPS = 4;
/** From 1/16 ms to about an hour. */
const FIRST_MS = 1 / 16;
const BUCKETS = 26 * STEPS;

/** Durations in 104 buckets of equal ratio: percentiles within some 10 percent, in constant memory. */
export class Histogram {
  private readonly counts = new Float64Array(BUCKETS);
  private total = 0;

  add(ms: number): void {
    const step = ms <= FIRST_MS ? 0 : Math.ceil(Math.log2(ms / FIRST_MS) * STEPS);
    const bucket = Math.min(step, BUCKETS - 1);
    this.counts[bucket] = (this.counts[bucket] as number) + 1;
    this.total++;
  }

  /** undefined: nothing was added */
  get summary(): { readonly p50: number; readonly p99: number } | undefined {
    const [p50, p99] = [this.percentile(0.5), this.percentile(0.99)];
    return p50 === undefined || p99 === undefined ? undefined : { p50, p99 };
  }

  /** @param share 0 to 1. @returns ms, rounded up to the bucket's end; undefined: nothing was added */
  percentile(share: number): number | undefined {
    if (this.total === 0) return undefined;
    let left = Math.max(Math.ceil(this.total * share), 1);
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      left -= this.counts[bucket] as number;
      if (left <= 0) return Math.round(FIRST_MS * 2 ** (bucket / STEPS) * 1000) / 1000;
    }
    return undefined;
  }
}
