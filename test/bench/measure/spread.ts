/** What several rounds gave for one figure. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** @throws RangeError without a value */
export function spread(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('No values, no spread.');
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[sorted.length >> 1] as number;
  const lower = sorted[(sorted.length - 1) >> 1] as number;
  return { median: (lower + upper) / 2, min: sorted[0] as number, max: sorted[sorted.length - 1] as number };
}
