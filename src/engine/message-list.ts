import type { KeptMessage } from './kept-message.js';
import type { Position } from './position.js';

/** A ring that has more room than this gives half of it back once three quarters are empty. */
const MIN_SHRUNK_ROOM = 16;

/**
 * Messages in the order of their positions: read by halving, filled at the end and emptied at the head. They stand in a
 * ring whose room is a power of two, so that a channel with a full buffer, which takes one out for each that comes in,
 * neither moves the others nor makes an array.
 */
export class MessageList<M extends KeptMessage = KeptMessage> {
  private ring: (M | undefined)[] = [];
  /** place of the oldest message */
  private head = 0;
  private count = 0;
  /** what the messages are counted with */
  bytes = 0;
  /**
   * unix ms; Infinity when there is no message. Kept here because it is asked for with every request of the channel: the
   * message itself has long left the processor's caches.
   */
  firstExpiresAt = Number.POSITIVE_INFINITY;

  get length(): number {
    return this.count;
  }

  get first(): M | undefined {
    return this.at(0);
  }

  get last(): M | undefined {
    return this.at(this.count - 1);
  }

  /** The message at this place, counted from the oldest. */
  at(index: number): M | undefined {
    return index >= 0 && index < this.count ? this.ring[this.placeOf(index)] : undefined;
  }

  /** @param message with a position above that of `last` */
  push(message: M): void {
    if (this.count === this.ring.length) this.makeRoom(Math.max(1, this.count * 2));
    if (this.count === 0) this.firstExpiresAt = message.expiresAt;
    this.ring[this.placeOf(this.count)] = message;
    this.count++;
    this.bytes += message.cost;
  }

  /** Takes the oldest message out. */
  shift(): M | undefined {
    const oldest = this.first;
    if (!oldest) return undefined;
    this.ring[this.head] = undefined;
    this.head = this.placeOf(1);
    this.shrinkBy(oldest);
    this.firstExpiresAt = this.first?.expiresAt ?? Number.POSITIVE_INFINITY;
    return oldest;
  }

  /** Takes the newest message out. */
  pop(): void {
    const newest = this.last;
    if (!newest) return;
    this.ring[this.placeOf(this.count - 1)] = undefined;
    this.shrinkBy(newest);
    if (this.count === 0) this.firstExpiresAt = Number.POSITIVE_INFINITY;
  }

  clear(): void {
    this.ring = [];
    this.head = 0;
    this.count = 0;
    this.bytes = 0;
    this.firstExpiresAt = Number.POSITIVE_INFINITY;
  }

  /** The first message behind `after` that has not expired. @param now unix ms */
  next(after: Position, now: number): M | undefined {
    for (let i = this.indexBehind(after); i < this.count; i++) {
      const message = this.at(i) as M;
      if (message.expiresAt > now) return message;
    }
    return undefined;
  }

  /** Up to `limit` messages behind `after` that have not expired. @param now unix ms */
  read(after: Position, limit: number, now: number): M[] {
    const found: M[] = [];
    for (let i = this.indexBehind(after); i < this.count && found.length < limit; i++) {
      const message = this.at(i) as M;
      if (message.expiresAt > now) found.push(message);
    }
    return found;
  }

  /** Index of the first message with a position above `after`. */
  private indexBehind(after: Position): number {
    const { first } = this;
    if (!first || after < first.position) return 0;
    // Messages of one second have positions in a row, so that a reader's place can be counted from the first one's.
    const counted = after - first.position;
    if (counted < this.count && this.at(counted)?.position === after) return counted + 1;
    return this.halve(after);
  }

  private halve(after: Position): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.at(middle) as M).position <= after) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private placeOf(index: number): number {
    return (this.head + index) & (this.ring.length - 1);
  }

  private shrinkBy(message: M): void {
    this.count--;
    this.bytes -= message.cost;
    const room = this.ring.length;
    if (room > MIN_SHRUNK_ROOM && this.count * 4 <= room) this.makeRoom(room / 2);
  }

  /** @param room a power of two, and as many as there are or more */
  private makeRoom(room: number): void {
    const ring = new Array<M | undefined>(room);
    for (let i = 0; i < this.count; i++) ring[i] = this.at(i);
    this.ring = ring;
    this.head = 0;
  }
}
