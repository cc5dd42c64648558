import { HubError } from '../../channels/hub-error.js';

/** How fast a job sends: at most `count` commands, and no more before `everyMs` have passed since the last of them. */
export interface Pace {
  readonly count: number;
  readonly everyMs: number;
}

const PERIODS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
const RATE = /^(\d{1,7})\/([smh])$/;
/** Commands a second: what one hub still brings to its disk while it serves everything else. */
export const MAX_RATE = 1_000;
/** What a job has that names no rate. */
export const DEFAULT_RATE = '100/s';
const BATCH_MS = 1_000;

/**
 * The pace that never exceeds a rate, whichever stretch of that length is looked at. A fast rate is sent in a batch a
 * second, a slow one command by command; where batches do not fill a period evenly the pace is a little slower.
 * @param rate "10/s", "90/m" or "500/h", at most `MAX_RATE` a second
 * @throws HubError `invalid_payload`
 */
export function paceOf(rate: string): Pace {
  const [, digits, unit = ''] = RATE.exec(rate) ?? [];
  const number = Number(digits);
  const period = PERIODS[unit] ?? Number.NaN;
  if (!(number >= 1 && (number * 1_000) / period <= MAX_RATE)) throw invalidRate(rate);
  const count = Math.max(Math.ceil((number * BATCH_MS) / period), 1);
  return { count, everyMs: Math.ceil(period / Math.floor(number / count)) };
}

function invalidRate(rate: string): HubError {
  return new HubError(
    'invalid_payload',
    `A job's rate is a number of commands a second, minute or hour, as in "10/s", "90/m" or "500/h", and ${MAX_RATE}/s at ` +
      `most; this one is "${rate.slice(0, 40)}".`,
  );
}
