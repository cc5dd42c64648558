/** How long to wait between attempts, in ms. */
export interface RetryTimes {
  readonly leastMs: number;
  readonly mostMs: number;
}

/**
 * The wait after so many failures in a row: doubled each time up to the most, and of that a random part from half on, so
 * that a fleet which lost its hub together does not come back together.
 * @param failures from 1
 * @param random 0 up to 1
 */
export function waitAfter(failures: number, { leastMs, mostMs }: RetryTimes, random = Math.random()): number {
  const longest = Math.min(leastMs * 2 ** Math.min(failures - 1, 30), mostMs);
  return Math.round((longest * (1 + random)) / 2);
}
