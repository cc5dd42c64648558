import { fillReference } from '../change-rules.js';
import { ChannelNames } from '../channel-names.js';
import type { MessageChange } from '../engine.js';
import { isKept, KeptMessage, sizeOf } from '../kept-message.js';
import { MessageList } from '../message-list.js';
import type { ChannelKeyRange, ChannelLog, LogStats, MessageLog, NewMessage, StoredMessage } from '../message-log.js';
import { BEFORE_ALL, nextPosition, type Position } from '../position.js';
import { type KeptMessages, type MemoryLogOptions, Room } from './room.js';

const NOTHING: readonly StoredMessage[] = [];

/** Keeps messages in memory: gone with the process, bounded by bytes and count. */
export class MemoryMessageLog implements MessageLog {
  private readonly logs = new Map<string, MemoryChannelLog>();
  private readonly names = new ChannelNames();
  readonly room: Room;

  constructor(options: MemoryLogOptions) {
    this.room = new Room(options, this.logs);
  }

  open(channel: string): MemoryChannelLog {
    let log = this.logs.get(channel);
    if (!log) {
      log = new MemoryChannelLog(this.room);
      this.logs.set(channel, log);
      this.names.add(channel);
    }
    return log;
  }

  remove(channel: string): void {
    const log = this.logs.get(channel);
    if (!log) return;
    log.clear();
    this.logs.delete(channel);
    this.names.delete(channel);
    this.room.forget(log.last);
  }

  /** Appends to several channels in order, all or nothing. @throws EngineError `log_full` */
  appendAll(changes: readonly MessageChange[]): readonly StoredMessage[] {
    const count = changes.length;
    if (count === 0) return NOTHING;
    const logs = this.logsOf(changes);
    this.room.makeFor(changes, logs);
    const stored = new Array<StoredMessage>(count);
    for (let i = 0; i < count; i++) {
      const change = changes[i] as MessageChange;
      fillReference(change, stored);
      stored[i] = (logs[i] as MemoryChannelLog).put(change.message);
    }
    return stored;
  }

  private logsOf(changes: readonly MessageChange[]): readonly MemoryChannelLog[] {
    const logs = new Array<MemoryChannelLog>(changes.length);
    for (let i = 0; i < changes.length; i++) {
      const { channel } = changes[i] as MessageChange;
      // Several for one channel in a row are common, and looking it up costs more than adding to it.
      const isSame = i > 0 && channel === (changes[i - 1] as MessageChange).channel;
      logs[i] = isSame ? (logs[i - 1] as MemoryChannelLog) : this.open(channel);
    }
    return logs;
  }

  has(channel: string): boolean {
    return this.logs.has(channel);
  }

  channels(range: ChannelKeyRange): readonly string[] {
    return this.names.keys(range);
  }

  groups(): readonly string[] {
    return this.names.groups();
  }

  /** There is no disk. */
  sweepStored(): readonly string[] {
    return [];
  }

  /** Nothing is left undone. */
  sweep(): void {}

  settled(): void {}

  /** Nothing is closed: what is in memory is nowhere else. */
  release(): boolean {
    return false;
  }

  stats(): LogStats {
    const { messages, bytes, maxBytes } = this.room;
    return { channels: this.logs.size, messages, bytes, maxBytes };
  }

  async close(): Promise<void> {
    this.logs.clear();
  }
}

class MemoryChannelLog implements ChannelLog, KeptMessages {
  readonly isDurable = false;
  notes: string | undefined = undefined;
  private readonly messages = new MessageList();
  private lastPosition: Position = BEFORE_ALL;

  constructor(private readonly room: Room) {}

  get length(): number {
    return this.messages.length;
  }

  get bytes(): number {
    return this.messages.bytes;
  }

  get firstExpiresAt(): number {
    return this.messages.firstExpiresAt;
  }

  get first(): Position | undefined {
    return this.messages.first?.position;
  }

  get last(): Position {
    return this.lastPosition;
  }

  note(notes: string): void {
    this.notes = notes;
  }

  append(message: NewMessage): StoredMessage {
    if (isKept(message) && this.room.lacks(sizeOf(message), 1)) this.room.makeFor([{ message }], [this]);
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
      this.room.bytes += stored.cost;
      this.room.messages++;
      if (this.length > message.keepAtMost) this.dropOldest();
    }
    return stored;
  }

  at(index: number): KeptMessage | undefined {
    return this.messages.at(index);
  }

  next(after: Position): StoredMessage | undefined {
    this.dropExpired();
    // Nearly every poll asks for what comes behind the newest: nothing need be searched, and no message be touched.
    return after >= this.lastPosition ? undefined : this.messages.next(after, this.room.now());
  }

  read(after: Position, limit: number): readonly StoredMessage[] {
    this.dropExpired();
    return this.messages.read(after, limit, this.room.now());
  }

  dropOldest(): void {
    const oldest = this.messages.shift();
    if (!oldest) return;
    this.room.bytes -= oldest.cost;
    this.room.messages--;
  }

  dropExpired(): number {
    const now = this.room.now();
    let dropped = 0;
    for (; this.messages.firstExpiresAt <= now; dropped++) this.dropOldest();
    return dropped;
  }

  clear(): void {
    while (this.length > 0) this.dropOldest();
  }
}
