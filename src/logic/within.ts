import type { Clock } from '../channels/clock.js';

/** How often a deadline is looked at, and so the most that it comes late. */
const LOOK_MS = 100;
/** What Node takes at most. */
const LONGEST_INTERVAL_MS = 2 ** 31 - 1;

/**
 * The outcome of `promise`, or, when it has none in time, of `late`.
 * @param late called once the time is over; it may throw
 */
export async function within<T>(clock: Clock, ms: number, promise: Promise<T>, late: () => T): Promise<T> {
  const dueAt = clock.uptime() + ms;
  // The clock keeps no process alive, and one that waits for a plugin at its start has nothing else that would.
  const awake = setInterval(() => {}, LONGEST_INTERVAL_MS);
  let stopLooking = () => {};
  const isLate = new Promise<T>((resolve, reject) => {
    stopLooking = clock.every(LOOK_MS, () => {
      if (clock.uptime() < dueAt) return;
      try {
        resolve(late());
      } catch (error) {
        reject(error);
      }
      stopLooking();
    });
  });
  try {
    return await Promise.race([promise, isLate]);
  } finally {
    clearInterval(awake);
    stopLooking();
  }
}
