import type { Position } from '../position.js';
import { type DiskMessage, expiryIn, type Mark, readMark, readMessage } from './disk-message.js';
import type { Environment } from './environment.js';
import { BEHIND_ALL, type MessageKey } from './message-key.js';

interface Entry {
  readonly key: MessageKey;
  readonly value: Buffer;
}

/** Reads what is committed of one channel's messages. Calls answer at once: the file is mapped into memory. */
export class DiskReader {
  constructor(private readonly env: Environment) {}

  /** The oldest message; undefined when there is none. */
  first(channel: number): Mark | undefined {
    return this.behind(channel, 0);
  }

  last(channel: number): Mark | undefined {
    const start = { channel, position: BEHIND_ALL };
    for (const { key, value } of this.entries({ start, end: { channel, position: 0 }, reverse: true, limit: 1 })) {
      return readMark(key.position, value);
    }
    return undefined;
  }

  /** The first message behind `after`. */
  behind(channel: number, after: Position): Mark | undefined {
    for (const { key, value } of this.between(channel, after, BEHIND_ALL, 1)) return readMark(key.position, value);
    return undefined;
  }

  /** Up to `limit` messages behind `after` and before `before` that have not expired, in order. @param now unix ms */
  read(channel: number, after: Position, before: Position, limit: number, now: number): DiskMessage[] {
    const found: DiskMessage[] = [];
    for (const { key, value } of this.between(channel, after, before)) {
      if (expiryIn(value) <= now) continue;
      found.push(readMessage(key.position, value));
      if (found.length >= limit) break;
    }
    return found;
  }

  /** Positions of up to `limit` messages before `before`. */
  positions(channel: number, before: Position, limit: number): Position[] {
    const range: object = { start: { channel, position: 0 }, end: { channel, position: before }, limit };
    return Array.from(this.env.messages.getKeys(range) as Iterable<MessageKey>, ({ position }) => position);
  }

  private between(channel: number, after: Position, before: Position, limit?: number): Iterable<Entry> {
    const range = { start: { channel, position: after + 1 }, end: { channel, position: before } };
    return this.entries(limit === undefined ? range : { ...range, limit });
  }

  private entries(range: object): Iterable<Entry> {
    return this.env.messages.getRange(range) as Iterable<Entry>;
  }
}
