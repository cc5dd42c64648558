import type { Position } from '../position.js';
import { type DiskMessage, expiryIn, type Mark, readMark, readMessage } from './disk-message.js';
import type { Environment } from './environment.js';
import { BEHIND_ALL, type MessageKey } from './message-key.js';

/** Expired messages passed at once; what lies behind them is read in another turn of the event loop. */
const EXPIRED_AT_ONCE = 1_000;

/** What was found on the way through a channel's messages. */
export interface Stretch {
  readonly messages: readonly DiskMessage[];
  /** too many expired ones lay there: the rest is to be looked for behind this one; undefined: there is no rest */
  readonly restBehind: Position | undefined;
}

interface Entry {
  readonly key: MessageKey;
  readonly value: Buffer;
}

/** Reads what is committed of one channel's messages. Calls answer at once: the file is mapped into memory. */
export class DiskReader {
  private isClosed = false;

  constructor(private readonly env: Environment) {}

  /** From now on nothing is found: who reads in several turns may still be under way when the engine stops. */
  close(): void {
    this.isClosed = true;
  }

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
  read(channel: number, after: Position, before: Position, { limit, now }: { limit: number; now: number }): Stretch {
    const messages: DiskMessage[] = [];
    if (this.isClosed) return { messages, restBehind: undefined };
    let expired = 0;
    for (const { key, value } of this.between(channel, after, before)) {
      if (expiryIn(value) > now) messages.push(readMessage(key.position, value));
      else if (++expired >= EXPIRED_AT_ONCE) return { messages, restBehind: key.position };
      if (messages.length >= limit) break;
    }
    return { messages, restBehind: undefined };
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
