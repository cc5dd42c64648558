import { isKept, type KeptMessage, sizeOf } from '../kept-message.js';
import { EngineError, type NewMessage } from '../message-log.js';
import { type Position, positionOf } from '../position.js';

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

/** One channel's messages as those see them who look for room. */
export interface KeptMessages {
  readonly length: number;
  /** the kept message at this place, counted from the oldest */
  at(index: number): KeptMessage | undefined;
  dropOldest(): void;
  dropExpired(): number;
}

/** A message on its way to a channel. */
interface Incoming {
  readonly log: KeptMessages;
  readonly message: NewMessage;
}

/** What all channels share: the clock, the room left, and how far the positions of removed channels went. */
export class Room {
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
  private expirySweep: Iterator<KeptMessages> | undefined;

  constructor(
    { now, maxBytes, maxMessages }: MemoryLogOptions,
    private readonly logs: ReadonlyMap<string, KeptMessages>,
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

  /**
   * Makes room for these messages, by the rules of docs/adr/0006-eviction.md, or refuses them all and drops nothing that
   * has not expired.
   * @param logs where each of them goes
   * @throws EngineError `log_full`
   */
  makeFor(incoming: readonly Pick<Incoming, 'message'>[], logs: readonly KeptMessages[]): void {
    let bytes = 0;
    let count = 0;
    for (const { message } of incoming) {
      if (!isKept(message)) continue;
      bytes += sizeOf(message);
      count++;
    }
    if (!this.lacks(bytes, count)) return;
    const kept: Incoming[] = [];
    incoming.forEach(({ message }, i) => {
      if (isKept(message)) kept.push({ log: logs[i] as KeptMessages, message });
    });
    for (const { log } of kept) log.dropExpired();
    if (this.lacks(bytes, count)) this.dropExpired();
    for (const [log, evicted] of this.evictions(kept)) {
      for (let i = 0; i < evicted; i++) log.dropOldest();
    }
  }

  /** Whether that much more does not fit. */
  lacks(bytes: number, messages: number): boolean {
    return this.bytes + bytes > this.maxBytes || this.messages + messages > this.maxMessages;
  }

  /** How many of each channel's oldest messages must go; throws when all that may go are too few. */
  private evictions(incoming: readonly Incoming[]): ReadonlyMap<KeptMessages, number> {
    const evicted = new Map<KeptMessages, number>();
    let { bytes, messages } = this;
    for (const { log, message } of incoming) {
      const size = sizeOf(message);
      // A full buffer's oldest message goes with this append anyway, so it may as well go before.
      const mustStay = Math.min(message.keepAtLeast, message.keepAtMost - 1);
      let count = evicted.get(log) ?? 0;
      for (; bytes + size > this.maxBytes || messages >= this.maxMessages; count++) {
        const oldest = log.length - count > mustStay ? log.at(count) : undefined;
        if (!oldest) throw this.full(size);
        bytes -= oldest.cost;
        messages--;
      }
      evicted.set(log, count);
      bytes += size;
      messages++;
    }
    return evicted;
  }

  private full(size: number): EngineError {
    const { bytes, maxBytes, messages, maxMessages } = this;
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
