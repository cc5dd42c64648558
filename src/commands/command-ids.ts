import { randomFillSync } from 'node:crypto';
import { monotonicFactory } from 'ulid';

/** Random bytes fetched at a time: one system call for some 250 ids instead of 16 calls for each. */
const POOL_BYTES = 4096;

/**
 * Ids of commands: ULIDs, unique, and later ones sort behind earlier ones, also within a millisecond and when the clock
 * is set back.
 * @returns a function from unix ms to the next id
 */
export function commandIds(): (nowMs: number) => string {
  const pool = Buffer.allocUnsafe(POOL_BYTES);
  let used = POOL_BYTES;
  return monotonicFactory(() => {
    if (used === POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    return pool.readUInt8(used++) / 256;
  });
}
