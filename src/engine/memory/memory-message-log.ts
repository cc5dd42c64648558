import type { MessageChange } from '../engine.js';
import type { ChannelLog, LogStats, MessageLog, NewMessage, StoredMessage } from '../message-log.js';
import { BEFORE_ALL, nextPosition, type Position } from '../position.js';
import { isKept, KeptMessage, sizeOf } from './kept-message.js';
import { type KeptMessages, type MemoryLogOptions, Room } from './room.js';

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

  /** Appends to several channels in order, all or nothing. @throws EngineError `log_full` */
  appendAll(changes: readonly MessageChange[]): StoredMessage[] {
    const logs = changes.map(({ channel }) => this.open(channel) as MemoryChannelLog);
    this.room.makeFor(changes.map(({ message }, i) => ({ log: logs[i] as MemoryChannelLog, message })));
    return changes.map(({ message }, i) => (logs[i] as MemoryChannelLog).put(message));
  }

  stats(): LogStats {
    return { messages: this.room.messages, bytes: this.room.bytes, maxBytes: this.room.maxBytes };
  }

  async close(): Promise<void> {
    this.logs.clear();
  }
}

class MemoryChannelLog implements ChannelLog, KeptMessages {
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
    if (isKept(message) && this.room.lacks(sizeOf(message), 1)) this.room.makeFor([{ log: this, message }]);
    return this.put(message);
  }

  /** Adds a message that there is room for. */
  put(message: NewMessage): StoredMessage {
    const now = this.room.now();
    const last = this.lastPosition === BEFORE_ALL ? this.room.lowest : this.lastPosition;
    this.lastPosition = nextPosition(last, now);
    const stored = new KeptMessage(this.lastPosition, message, now);
    if (isKept(message)) {
      this.messages.push(stored);
      this.bytes += stored.cost;
      this.room.bytes += stored.cost;
      this.room.messages++;
      if (this.length > message.keepAtMost) this.dropOldest();
    }
    return stored;
  }

  at(index: number): KeptMessage | undefined {
    return this.messages[this.head + index];
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
