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

/**
 * Reads what is committed of one channel's messages. Calls answer at once: the file is mapped into memory. They throw
 * EngineError `engine_unavailable` where the file is damaged.
 */
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
    return this.mark({ start, end: { channel, position: 0 }, reverse: true, limit: 1 });
  }

  /** The first message behind `after`. */
  behind(channel: number, after: Position): Mark | undefined {
    return this.mark({ ...between(channel, after, BEHIND_ALL), limit: 1 });
  }

  /** Up to `limit` messages behind `after` and before `before` that have not expired, in order. @param now unix ms */
  read(channel: number, after: Position, before: Position, { limit, now }: { limit: number; now: number }): Stretch {
    const messages: DiskMessage[] = [];
    if (this.isClosed) return { messages, restBehind: undefined };
    return this.env.reading(() => {
      let expired = 0;
      for (const { key, value } of this.entries(between(channel, after, before))) {
        if (expiryIn(value) > now) messages.push(readMessage(key.position, value));
        else if (++expired >= EXPIRED_AT_ONCE) return { messages, restBehind: key.position };
        if (messages.length >= limit) break;
      }
      return { messages, restBehind: undefined };
    });
  }

  /** Positions of up to `limit` messages before `before`. */
  positions(channel: number, before: Position, limit: number): Position[] {
    const range: object = { start: { channel, position: 0 }, end: { channel, position: before }, limit };
    return this.env.reading(() =>
      Array.from(this.env.keys(this.env.messages, range) as Iterable<MessageKey>, ({ position }) => position),
    );
  }

  private mark(range: object): Mark | undefined {
    return this.env.reading(() => {
      for (const { key, value } of this.entries(range)) return readMark(key.position, value);
      return undefined;
    });
  }

  private entries(range: object): Iterable<Entry> {
    return this.env.range(this.env.messages, range) as Iterable<Entry>;
  }
}

function between(channel: number, after: Position, before: Position): { start: MessageKey; end: MessageKey } {
  return { start: { channel, position: after + 1 }, end: { channel, position: before } };
}
