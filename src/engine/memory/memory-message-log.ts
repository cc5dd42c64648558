import {
  type ChannelLog,
  EngineError,
  type LogStats,
  type MessageLog,
  type NewMessage,
  type StoredMessage,
} from '../message-log.js';
import { BEFORE_ALL, nextPosition, type Position, positionOf } from '../position.js';
import { interned } from './interned.js';

/** What a message costs beside its body and type: its objects and its place in the list. */
export const MESSAGE_OVERHEAD_BYTES = 160;

/** Larger bodies stay the Buffer that they came in. */
const MAX_TEXT_BYTES = 16 * 1024;

/** How many channels a publisher that finds no room looks through for expired messages. */
const CHANNELS_PER_EXPIRY_SWEEP = 1_000;

export interface MemoryLogOptions {
  /** unix ms; the hub's Clock */
  readonly now: () => number;
  /** all channels' messages together, `max_reserved_memory` */
  readonly maxBytes: number;
  /** all channels' messages together */
  readonly maxMessages: number;
}

/** Keeps messages in memory: gone with the process, bounded by bytes and count. */
export class MemoryMessageLog implements MessageLog {
  private readonly logs = new Map<string, MemoryChannelLog>();
  readonly room: Room;

  constructor(options: MemoryLogOptions) {
    this.room = new Room(options, this.logs);
  }

  open(channel: string): ChannelLog {
    let log = this.logs.get(channel);
    if (!log) {
      log = new MemoryChannelLog(this.room);
      this.logs.set(channel, log);
    }
    return log;
  }

  remove(channel: string): void {
    const log = this.logs.get(channel);
    if (!log) return;
    log.clear();
    this.logs.delete(channel);
    this.room.forget(log.last);
  }

  stats(): LogStats {
    return { messages: this.room.messages, bytes: this.room.bytes, maxBytes: this.room.maxBytes };
  }

  async close(): Promise<void> {
    this.logs.clear();
  }
}

/** What all channels share: the clock, the room left, and how far the positions of removed channels went. */
class Room {
  messages = 0;
  bytes = 0;
  readonly now: () => number;
  readonly maxBytes: number;
  readonly maxMessages: number;
  /**
   * No new channel starts at or below this. It begins within the second of the start, as many tags in as milliseconds
   * have passed a thousandfold, so that a process started in the same second as its predecessor ended stays above it.
   */
  private floor: Position;
  private expirySweep: Iterator<MemoryChannelLog> | undefined;

  constructor(
    { now, maxBytes, maxMessages }: MemoryLogOptions,
    private readonly logs: ReadonlyMap<string, MemoryChannelLog>,
  ) {
    this.now = now;
    this.maxBytes = maxBytes;
    this.maxMessages = maxMessages;
    const startedAt = now();
    this.floor = positionOf(Math.floor(startedAt / 1000), (startedAt % 1000) * 1000) - 1;
  }

  get lowest(): Position {
    return this.floor;
  }

  forget(last: Position): void {
    this.floor = Math.max(this.floor, last);
  }

  lacks(bytes: number): boolean {
    return this.bytes + bytes > this.maxBytes || this.messages >= this.maxMessages;
  }

  /** Drops expired messages of other channels, a bounded number of channels at a time, going round. */
  dropExpired(): void {
    for (let i = 0; i < CHANNELS_PER_EXPIRY_SWEEP; i++) {
      this.expirySweep ??= this.logs.values();
      const { value, done } = this.expirySweep.next();
      if (done) {
        this.expirySweep = undefined;
        return;
      }
      value.dropExpired();
    }
  }
}

/**
 * Small bodies are kept as text of one latin1 character a byte: a Buffer of its own costs 500 bytes more, and a piece of
 * Node's shared pool would keep 8 KiB alive for one byte.
 */
class KeptMessage implements StoredMessage {
  readonly contentType: string | null;
  readonly expiresAt: number;
  private readonly bytes: string | Buffer;

  constructor(
    readonly position: Position,
    { body, contentType, expiresAt }: NewMessage,
    readonly publishedAt: number,
  ) {
    this.contentType = contentType === null ? null : interned(contentType);
    this.expiresAt = expiresAt;
    this.bytes = body.length <= MAX_TEXT_BYTES ? body.toString('latin1') : body;
  }

  get body(): Buffer {
    return typeof this.bytes === 'string' ? Buffer.from(this.bytes, 'latin1') : this.bytes;
  }

  /** bytes it is counted with */
  get cost(): number {
    return costOf(this.bytes.length, this.contentType);
  }
}

class MemoryChannelLog implements ChannelLog {
  /** kept messages from index `head` on; what lies before is already dropped */
  private messages: (KeptMessage | undefined)[] = [];
  private head = 0;
  bytes = 0;
  private lastPosition: Position;

  constructor(private readonly room: Room) {
    this.lastPosition = BEFORE_ALL;
  }

  get length(): number {
    return this.messages.length - this.head;
  }

  get first(): Position | undefined {
    return this.messages[this.head]?.position;
  }

  get last(): Position {
    return this.lastPosition;
  }

  append(message: NewMessage): StoredMessage {
    const now = this.room.now();
    const size = costOf(message.body.length, message.contentType);
    if (message.store && message.keepAtMost > 0) this.makeRoom(size, message);
    const last = this.lastPosition === BEFORE_ALL ? this.room.lowest : this.lastPosition;
    this.lastPosition = nextPosition(last, now);
    const stored = new KeptMessage(this.lastPosition, message, now);
    if (message.store && message.keepAtMost > 0) {
      this.messages.push(stored);
      this.bytes += size;
      this.room.bytes += size;
      this.room.messages++;
      if (this.length > message.keepAtMost) this.dropOldest();
    }
    return stored;
  }

  next(after: Position): StoredMessage | undefined {
    this.dropExpired();
    const now = this.room.now();
    for (let i = this.indexBehind(after); i < this.messages.length; i++) {
      const message = this.messages[i] as KeptMessage;
      if (message.expiresAt > now) return message;
    }
    return undefined;
  }

  read(after: Position, limit: number): readonly StoredMessage[] {
    this.dropExpired();
    const now = this.room.now();
    const found: StoredMessage[] = [];
    for (let i = this.indexBehind(after); i < this.messages.length && found.length < limit; i++) {
      const message = this.messages[i] as KeptMessage;
      if (message.expiresAt > now) found.push(message);
    }
    return found;
  }

  dropOldest(): void {
    const oldest = this.messages[this.head];
    if (!oldest) return;
    const size = oldest.cost;
    this.bytes -= size;
    this.room.bytes -= size;
    this.room.messages--;
    this.messages[this.head++] = undefined;
    // Closing the gap at half full keeps both dropping and reading constant in the long run.
    if (this.head * 2 > this.messages.length) {
      this.messages = this.messages.slice(this.head);
      this.head = 0;
    }
  }

  dropExpired(): number {
    const now = this.room.now();
    let dropped = 0;
    for (let oldest = this.messages[this.head]; oldest && oldest.expiresAt <= now; oldest = this.messages[this.head]) {
      this.dropOldest();
      dropped++;
    }
    return dropped;
  }

  clear(): void {
    while (this.length > 0) this.dropOldest();
  }

  private makeRoom(size: number, { keepAtLeast, keepAtMost }: NewMessage): void {
    if (!this.room.lacks(size)) return;
    this.dropExpired();
    if (this.room.lacks(size)) this.room.dropExpired();
    // A full buffer's oldest message goes with this append anyway, so it may as well go before.
    const evictable = this.evictable(size, Math.min(keepAtLeast, keepAtMost - 1));
    if (evictable === undefined) throw this.full(size);
    for (let i = 0; i < evictable; i++) this.dropOldest();
  }

  /** How many of the oldest messages must go for `size` more bytes; undefined when all that may go are too few. */
  private evictable(size: number, keepAtLeast: number): number | undefined {
    const { bytes, maxBytes, messages, maxMessages } = this.room;
    let freed = 0;
    for (let count = 0; ; count++) {
      if (bytes - freed + size <= maxBytes && messages - count < maxMessages) return count;
      if (this.length - count <= keepAtLeast) return undefined;
      const oldest = this.messages[this.head + count];
      if (!oldest) return undefined;
      freed += oldest.cost;
    }
  }

  private full(size: number): EngineError {
    const { bytes, maxBytes, messages, maxMessages } = this.room;
    const state =
      `The message needs ${size} bytes, and the hub holds ${messages} of ${maxMessages} messages with ${bytes} of ` +
      `${maxBytes} bytes (max_reserved_memory); `;
    const remedy =
      size > maxBytes
        ? 'it does not fit into an empty hub. Publish a smaller one, or raise the limit.'
        : 'too little of this channel may be evicted. Publish again when messages have expired or were deleted, or ' +
          'raise the limit.';
    return new EngineError('log_full', state + remedy);
  }

  /** Index of the first kept message with a position above `after`, by halving. */
  private indexBehind(after: Position): number {
    let low = this.head;
    let high = this.messages.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.messages[middle] as KeptMessage).position <= after) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function costOf(bodyBytes: number, contentType: string | null): number {
  return bodyBytes + (contentType?.length ?? 0) + MESSAGE_OVERHEAD_BYTES;
}
