import type { KeptMessage } from './kept-message.js';
import type { Position } from './position.js';

/** Messages in the order of their positions: read by halving, filled at the end and emptied at the head. */
export class MessageList<M extends KeptMessage = KeptMessage> {
  /** messages from index `head` on; what lies before is already taken out */
  private messages: (M | undefined)[] = [];
  private head = 0;
  /** what the messages are counted with */
  bytes = 0;

  get length(): number {
    return this.messages.length - this.head;
  }

  get first(): M | undefined {
    return this.messages[this.head];
  }

  get last(): M | undefined {
    return this.messages.at(-1);
  }

  /** The message at this place, counted from the oldest. */
  at(index: number): M | undefined {
    return this.messages[this.head + index];
  }

  /** @param message with a position above that of `last` */
  push(message: M): void {
    this.messages.push(message);
    this.bytes += message.cost;
  }

  /** Takes the oldest message out. */
  shift(): M | undefined {
    const oldest = this.messages[this.head];
    if (!oldest) return undefined;
    this.bytes -= oldest.cost;
    this.messages[this.head++] = undefined;
    // Closing the gap at half full keeps both dropping and reading constant in the long run.
    if (this.head * 2 > this.messages.length) {
      this.messages = this.messages.slice(this.head);
      this.head = 0;
    }
    return oldest;
  }

  /** Takes the newest message out. */
  pop(): void {
    const newest = this.last;
    if (!newest) return;
    this.bytes -= newest.cost;
    this.messages.pop();
  }

  clear(): void {
    this.messages = [];
    this.head = 0;
    this.bytes = 0;
  }

  /** The first message behind `after` that has not expired. @param now unix ms */
  next(after: Position, now: number): M | undefined {
    for (let i = this.indexBehind(after); i < this.messages.length; i++) {
      const message = this.messages[i] as M;
      if (message.expiresAt > now) return message;
    }
    return undefined;
  }

  /** Up to `limit` messages behind `after` that have not expired. @param now unix ms */
  read(after: Position, limit: number, now: number): M[] {
    const found: M[] = [];
    for (let i = this.indexBehind(after); i < this.messages.length && found.length < limit; i++) {
      const message = this.messages[i] as M;
      if (message.expiresAt > now) found.push(message);
    }
    return found;
  }

  /** Index of the first message with a position above `after`, by halving. */
  private indexBehind(after: Position): number {
    let low = this.head;
    let high = this.messages.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.messages[middle] as M).position <= after) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
