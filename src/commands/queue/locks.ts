import { randomFillSync } from 'node:crypto';
import { BEFORE_ALL, formatPosition, type Position, parsePosition } from '../../engine/position.js';

/** 96 bits: nobody guesses the lock of a command that another device holds. */
const LOCK_BYTES = 12;
const POOL_BYTES = LOCK_BYTES * 256;

/** Locks of deliveries: 16 characters at random, base64url. */
export class TokenLocks {
  private readonly pool = Buffer.allocUnsafe(POOL_BYTES);
  private used = POOL_BYTES;

  next(): string {
    if (this.used === POOL_BYTES) {
      randomFillSync(this.pool);
      this.used = 0;
    }
    this.used += LOCK_BYTES;
    return this.pool.toString('base64url', this.used - LOCK_BYTES, this.used);
  }
}

/** The lock of a delivery that a push-module device names by Last-Modified and Etag. */
export function positionLock(position: Position): string {
  return formatPosition(position);
}

export function lockPosition(lock: string): Position {
  return parsePosition(lock) ?? BEFORE_ALL;
}
