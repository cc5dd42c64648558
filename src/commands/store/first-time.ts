import { type Clock, uptimeAt } from '../../channels/clock.js';
import { isPromise } from '../../channels/maybe-promise.js';
import type { Engine } from '../../engine/engine.js';
import { timeIn } from './tables.js';

/** ms of uptime at which the first entry of an index by time is due; Infinity: there is none; -Infinity: not known at once. */
export function firstTimeOf(index: string, engine: Engine, clock: Clock): number {
  const found = engine.table(index).range({ limit: 1 });
  if (isPromise(found)) return Number.NEGATIVE_INFINITY;
  const [first] = found;
  return first ? uptimeAt(clock, timeIn(first.key)) : Number.POSITIVE_INFINITY;
}
