import { randomFillSync } from 'node:crypto';
import { encodeTime } from 'ulid';

const TIME_LENGTH = 10;
const RANDOM_LENGTH = 16;
const ALPHABET = Buffer.from('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 'latin1');
const LAST_DIGIT = ALPHABET.length - 1;
/** Random bytes fetched at a time: one system call for some 250 milliseconds with ids. */
const POOL_BYTES = 4096;

/**
 * Ids of commands: ULIDs, unique, and later ones sort behind earlier ones, also within a millisecond and when the clock
 * is set back.
 * @returns a function from unix ms to the next id
 */
export function commandIds(): (nowMs: number) => string {
  const ids = new Ulids();
  return (nowMs) => ids.next(nowMs);
}

/**
 * The library's own monotonic ids cost ten times as much: it puts each together anew, character by character. Here an id
 * is the one before with its last digit counted up, until a millisecond draws new digits.
 */
class Ulids {
  private readonly text = Buffer.alloc(TIME_LENGTH + RANDOM_LENGTH);
  private readonly digits = Buffer.alloc(RANDOM_LENGTH);
  private readonly pool = Buffer.allocUnsafe(POOL_BYTES);
  private used = POOL_BYTES;
  private lastMs = Number.NEGATIVE_INFINITY;

  next(nowMs: number): string {
    const ms = Math.floor(nowMs);
    if (ms > this.lastMs) this.begin(ms);
    else if (!this.countUp()) this.begin(this.lastMs + 1);
    return this.text.toString('latin1');
  }

  private begin(ms: number): void {
    this.lastMs = ms;
    this.text.write(encodeTime(ms, TIME_LENGTH), 'latin1');
    if (this.used + RANDOM_LENGTH > POOL_BYTES) {
      randomFillSync(this.pool);
      this.used = 0;
    }
    for (let i = 0; i < RANDOM_LENGTH; i++) this.put(i, (this.pool[this.used++] as number) & LAST_DIGIT);
  }

  /** @returns false when there is no further id in this millisecond */
  private countUp(): boolean {
    for (let i = RANDOM_LENGTH - 1; i >= 0; i--) {
      const digit = this.digits[i] as number;
      if (digit < LAST_DIGIT) {
        this.put(i, digit + 1);
        return true;
      }
      this.put(i, 0);
    }
    return false;
  }

  private put(i: number, digit: number): void {
    this.digits[i] = digit;
    this.text[TIME_LENGTH + i] = ALPHABET[digit] as number;
  }
}
