import { isKept, sizeOf } from '../kept-message.js';
import { type Durability, EngineError, type NewMessage } from '../message-log.js';
import type { Mark } from './disk-message.js';

export interface RoomLimits {
  /** stored messages of all channels, `limits.max_disk` */
  readonly maxDiskBytes: number;
  /** messages that are in memory alone, and the newest of those on disk, `max_reserved_memory` */
  readonly maxMemoryBytes: number;
  /** all channels' messages together, wherever they are */
  readonly maxMessages: number;
}

/** A number of messages, and what they are counted with. */
export class Tally {
  messages = 0;
  bytes = 0;

  add(messages: number, bytes: number): void {
    this.messages += messages;
    this.bytes += bytes;
  }

  become({ messages, bytes }: Pick<Tally, 'messages' | 'bytes'>): void {
    this.messages = messages;
    this.bytes = bytes;
  }
}

/** Messages of one channel that take the same room, as they will be once all that waits is committed. */
export interface Evictable {
  readonly plannedOldest: Evicted | undefined;
  behind(message: Evicted): Evicted | undefined;
  /** The oldest goes. */
  planDrop(): void;
}

type Evicted = Pick<Mark, 'position' | 'cost'>;

/** A message on its way to a channel. */
export interface Incoming {
  readonly channel: { readonly plannedLength: number; dropExpired(): number };
  readonly run: Evictable;
  readonly message: NewMessage;
}

/** Counts what is kept and decides who has to go when there is no room (docs/adr/0006-eviction.md). */
export class Room {
  /** stored messages, as readers see them */
  readonly visible = new Tally();
  /** stored messages, once all that waits is committed */
  readonly planned = new Tally();
  /** messages that are in memory alone */
  readonly inMemory = new Tally();

  constructor(
    readonly limits: RoomLimits,
    /** drops expired messages of other channels, a bounded number of them */
    private readonly dropExpiredElsewhere: () => void,
  ) {}

  /** Whether that much more does not fit. */
  lacks(bytes: number, messages: number, durability: Durability): boolean {
    const { maxBytes, used } = this.scope(durability);
    return used.bytes + bytes > maxBytes || this.messages + messages > this.limits.maxMessages;
  }

  /** @throws EngineError `log_full`; nothing that has not expired is dropped then */
  makeFor(incoming: readonly Incoming[], durability: Durability): void {
    const kept = incoming.filter(({ message }) => isKept(message));
    const bytes = kept.reduce((sum, { message }) => sum + sizeOf(message), 0);
    if (!this.lacks(bytes, kept.length, durability)) return;
    for (const { channel } of kept) channel.dropExpired();
    if (this.lacks(bytes, kept.length, durability)) this.dropExpiredElsewhere();
    for (const [run, count] of this.evictions(kept, durability)) {
      for (let i = 0; i < count; i++) run.planDrop();
    }
  }

  private get messages(): number {
    return this.planned.messages + this.inMemory.messages;
  }

  private scope(durability: Durability): { used: Tally; maxBytes: number; limit: string } {
    return durability === 'none'
      ? { used: this.inMemory, maxBytes: this.limits.maxMemoryBytes, limit: 'max_reserved_memory' }
      : { used: this.planned, maxBytes: this.limits.maxDiskBytes, limit: 'limits.max_disk' };
  }

  /** How many of each channel's oldest messages must go; throws when all that may go are too few. */
  private evictions(incoming: readonly Incoming[], durability: Durability): Map<Evictable, number> {
    const { maxBytes, used } = this.scope(durability);
    const evicted = new Map<Evictable, number>();
    const oldest = new Map<Evictable, Evicted | undefined>();
    let { bytes } = used;
    let { messages } = this;
    for (const { channel, run, message } of incoming) {
      const size = sizeOf(message);
      // A full buffer's oldest message goes with this append anyway, so it may as well go before.
      const mustStay = Math.min(message.keepAtLeast, message.keepAtMost - 1);
      let next = oldest.has(run) ? oldest.get(run) : run.plannedOldest;
      let count = evicted.get(run) ?? 0;
      for (; bytes + size > maxBytes || messages >= this.limits.maxMessages; count++) {
        if (!next || channel.plannedLength - count <= mustStay) throw this.full(size, durability);
        bytes -= next.cost;
        messages--;
        next = run.behind(next);
      }
      oldest.set(run, next);
      evicted.set(run, count);
      bytes += size;
      messages++;
    }
    return evicted;
  }

  private full(size: number, durability: Durability): EngineError {
    const { maxBytes, used, limit } = this.scope(durability);
    const state =
      `The message needs ${size} bytes, and the hub holds ${this.messages} of ${this.limits.maxMessages} messages with ` +
      `${used.bytes} of ${maxBytes} bytes (${limit}); `;
    const remedy =
      size > maxBytes
        ? 'it does not fit into an empty hub. Publish a smaller one, or raise the limit.'
        : 'too little of this channel may be evicted. Publish again when messages have expired or were deleted, or ' +
          'raise the limit.';
    return new EngineError('log_full', state + remedy);
  }
}
