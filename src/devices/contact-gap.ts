/**
 * How long a device usually stays away between two contacts, in ms: a smoothed mean and a smoothed deviation from it, as
 * TCP estimates its round trips (RFC 6298). Patience is learned fast and unlearned slowly, so that a device which comes in
 * bursts is judged by the pauses between them.
 */
export interface ContactGap {
  readonly meanMs: number;
  readonly deviationMs: number;
}

/** The least and the most that a device may be silent before it is late. */
export const MIN_PATIENCE_MS = 10_000;
export const MAX_PATIENCE_MS = 24 * 60 * 60_000;
/** for a device of which no gap is known yet */
export const FIRST_PATIENCE_MS = 60_000;

const WEIGHT_OF_LONGER = 1 / 4;
const WEIGHT_OF_SHORTER = 1 / 64;
/** deviations beyond the mean that still count as usual; RFC 6298's K */
const DEVIATIONS = 4;
/** One gap counts at most this many times the patience: a night switched off must not teach a day of patience. */
const OUTLIER = 2;

/**
 * Takes one more gap into account.
 * @param gap undefined: this is the first one
 * @param sampleMs ms from the end of one contact to the beginning of the next
 */
export function learnGap(gap: ContactGap | undefined, sampleMs: number): ContactGap {
  const sample = Math.round(Math.min(Math.max(sampleMs, 0), OUTLIER * patienceMs(gap)));
  if (!gap) return { meanMs: sample, deviationMs: Math.round(sample / 2) };
  const error = sample - gap.meanMs;
  const weight = error > 0 ? WEIGHT_OF_LONGER : WEIGHT_OF_SHORTER;
  const meanMs = towards(gap.meanMs, sample, weight);
  const deviationMs = towards(gap.deviationMs, Math.abs(error), weight);
  // The same object for a device that keeps its pace: it is kept for each.
  return meanMs === gap.meanMs && deviationMs === gap.deviationMs ? gap : { meanMs, deviationMs };
}

/** How long a device with this gap may be silent, in ms, before it is late. */
export function patienceMs(gap: ContactGap | undefined): number {
  if (!gap) return FIRST_PATIENCE_MS;
  return Math.min(Math.max(gap.meanMs + DEVIATIONS * gap.deviationMs, MIN_PATIENCE_MS), MAX_PATIENCE_MS);
}

/** Whole ms, and never short of the goal for rounding: a step below one still goes one. */
function towards(from: number, to: number, weight: number): number {
  const step = (to - from) * weight;
  return from + (step < 0 ? Math.floor(step) : Math.ceil(step));
}
