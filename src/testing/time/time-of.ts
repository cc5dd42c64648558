import { parseDuration } from '../../config/units/duration.js';

/**
 * A length of time in ms.
 * @param time as in the configuration, `'15m'` or `'1h30m'`; a number is ms
 * @throws RangeError when it is neither
 */
export function timeOf(time: string | number): number {
  const ms = typeof time === 'number' ? time : parseDuration(time);
  if (ms !== undefined && Number.isSafeInteger(ms) && ms >= 0) return ms;
  throw new RangeError(`"${time}" is no length of time; write '90s', '15m' or '1h30m', or a whole number of ms.`);
}
