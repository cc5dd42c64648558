import { randomFillSync } from 'node:crypto';
import { encodeTime } from 'ulid';

/** A ULID: digits of the time, and digits that are drawn and counted up. */
const TIME_LENGTH = 10;
const RANDOM_LENGTH = 16;
/** Those at the end of a command's id that are its device's. */
const MARK_LENGTH = 6;
const ALPHABET = Buffer.from('0123456789ABCDEFGHJKMNPQRSTVWXYZ', 'latin1');
const LAST_DIGIT = ALPHABET.length - 1;
const DIGIT_BITS = 5;
/** Random bytes fetched at a time: one system call for some 250 milliseconds with ids. */
const POOL_BYTES = 4096;

/**
 * Ids of jobs and the like: ULIDs, unique, and later ones sort behind earlier ones, also within a millisecond and when the
 * clock is set back.
 * @returns a function from unix ms to the next id
 */
export function uniqueIds(): (nowMs: number) => string {
  const ids = new Ulids(RANDOM_LENGTH);
  return (nowMs) => ids.next(nowMs);
}

/**
 * Ids of commands: the same, but that the last of the digits are a mark of the device, by which a command is found without
 * an index (locate-command.ts). 50 of a ULID's 80 random bits are left.
 * @returns a function from unix ms and a device to the next id
 */
export function commandIds(): (nowMs: number, device: string) => string {
  const ids = new Ulids(RANDOM_LENGTH - MARK_LENGTH);
  let marked = '';
  return (nowMs, device) => {
    if (device !== marked) {
      ids.mark(deviceMark(device));
      marked = device;
    }
    return ids.next(nowMs);
  };
}

/** A number of 30 bits that few other devices share; the ids of a device's commands end with it. */
export function deviceMark(device: string): number {
  // FNV-1a, as http://www.isthe.com/chongo/tech/comp/fnv/ has it.
  let hash = 0x811c9dc5;
  for (let i = 0; i < device.length; i++) hash = Math.imul(hash ^ device.charCodeAt(i), 0x01000193);
  return hash & (2 ** (MARK_LENGTH * DIGIT_BITS) - 1);
}

/** The mark in a command's id. @param id 26 digits of Crockford's */
export function markIn(id: string): number {
  let mark = 0;
  for (const digit of id.slice(-MARK_LENGTH)) mark = mark * ALPHABET.length + ALPHABET.indexOf(digit);
  return mark;
}

/**
 * The library's own monotonic ids cost ten times as much: it puts each together anew, character by character. Here an id
 * is the one before with its last digit counted up, until a millisecond draws new digits.
 */
class Ulids {
  private readonly text = Buffer.alloc(TIME_LENGTH + RANDOM_LENGTH);
  private readonly digits: Buffer;
  private readonly pool = Buffer.allocUnsafe(POOL_BYTES);
  private used = POOL_BYTES;
  private lastMs = Number.NEGATIVE_INFINITY;

  /** @param length of what is drawn; the digits behind it are those of `mark` */
  constructor(private readonly length: number) {
    this.digits = Buffer.alloc(length);
  }

  mark(mark: number): void {
    let left = mark;
    for (let i = this.text.length - 1; i >= TIME_LENGTH + this.length; i--) {
      this.text[i] = ALPHABET[left & LAST_DIGIT] as number;
      left >>>= DIGIT_BITS;
    }
  }

  next(nowMs: number): string {
    const ms = Math.floor(nowMs);
    if (ms > this.lastMs) this.begin(ms);
    else if (!this.countUp()) this.begin(this.lastMs + 1);
    return this.text.toString('latin1');
  }

  private begin(ms: number): void {
    this.lastMs = ms;
    this.text.write(encodeTime(ms, TIME_LENGTH), 'latin1');
    if (this.used + this.length > POOL_BYTES) {
      randomFillSync(this.pool);
      this.used = 0;
    }
    for (let i = 0; i < this.length; i++) this.put(i, (this.pool[this.used++] as number) & LAST_DIGIT);
  }

  /** @returns false when there is no further id in this millisecond */
  private countUp(): boolean {
    for (let i = this.length - 1; i >= 0; i--) {
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
