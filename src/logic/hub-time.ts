import type { Clock } from '../channels/clock.js';

/**
 * Unix ms that neither jump nor go back while the hub runs, whatever an operator does to the machine's clock: what is due
 * in an hour is due an hour later. A start takes the machine's time anew.
 */
export function steadyTime(clock: Clock): () => number {
  const offset = clock.now() - clock.uptime();
  return () => Math.round(offset + clock.uptime());
}
