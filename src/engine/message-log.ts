import type { Position } from './position.js';

/** A value at once, or later: a memory engine answers at once, one that waits for a disk or a network later. */
export type MaybePromise<T> = T | Promise<T>;

/**
 * What is true of a kept message once its append is done: `disk`: it is committed; `memory`: it is accepted, and committed
 * a moment later; `none`: it is in memory and never anywhere else. An engine that has no disk takes all for `none`.
 */
export type Durability = 'disk' | 'memory' | 'none';

/**
 * A body that is made when somebody asks for it, the same each time. An engine that keeps messages in memory may never have
 * to: many are replaced before they are read.
 */
export abstract class LateBody {
  /** bytes of what `write` gives */
  abstract readonly length: number;
  /** the body's bytes as latin1 characters */
  abstract write(): string;
}

/** What a publisher hands over. */
export interface NewMessage {
  /** may be made anew each time it is asked for */
  readonly body: Buffer;
  /** the body's bytes as latin1 characters, where they are at hand so: an engine that keeps text need not convert */
  readonly text?: string | undefined;
  /** what makes the body, where it is not made yet: an engine may keep that instead, and leaves `body` and `text` alone */
  readonly late?: LateBody | undefined;
  /** the publisher's Content-Type, verbatim; null when it sent none */
  readonly contentType: string | null;
  /** unix ms after which the message is no longer given out; Infinity: never */
  readonly expiresAt: number;
  /** false: the message gets a position, goes to those who wait, and is not kept */
  readonly store: boolean;
  /** left out: `disk` */
  readonly durability?: Durability;
  /** when the channel now holds more than this, its oldest message goes (one, as NHPM does it) */
  readonly keepAtMost: number;
  /** how many of the channel's messages must stay when the log is short of room; a full buffer still lets its oldest go */
  readonly keepAtLeast: number;
  /**
   * What brought it about, as JSON of ASCII characters alone, 16 KiB at most; kept with the message. Left out: nothing that
   * the hub knows of, as for nearly every message, which then costs nothing more.
   */
  readonly cause?: string | undefined;
  /**
   * Of one that refers to another (`MessageChange.refersTo`): takes the other's position into its body, which is asked for
   * afterwards. Left out: it is written into the first 8 bytes of `body`, as a big-endian double.
   */
  refer?(position: Position): void;
}

/** A message with its place. Never changes; doors and readers share it. */
export interface StoredMessage {
  readonly position: Position;
  /** may be made anew each time it is asked for */
  readonly body: Buffer;
  /** the body's bytes as latin1 characters, where the engine keeps them so: a door that writes text need not convert */
  readonly text?: string | undefined;
  readonly contentType: string | null;
  /** as its publisher gave it */
  readonly cause?: string | undefined;
  /** unix ms */
  readonly publishedAt: number;
  readonly expiresAt: number;
}

/** One channel's messages in order. One writer (the hub), any number of readers. */
export interface ChannelLog {
  /** messages kept, expired ones that nobody met yet included */
  readonly length: number;
  /** bytes that the kept messages are counted with against the log's limit */
  readonly bytes: number;
  /** position of the oldest kept message; undefined when none is kept */
  readonly first: Position | undefined;
  /** the highest position ever given in this channel; 0 when none was, or when that is known of no message any more */
  readonly last: Position;
  /** what it keeps outlasts the process */
  readonly isDurable: boolean;
  /** unix ms at which the oldest message is past its time; Infinity: none is kept, or it never is. Left out: not known at once */
  readonly firstExpiresAt?: number;
  /** what `note` said last, also before a restart; undefined: nothing */
  readonly notes: string | undefined;
  /** Keeps a text with the channel, at most 64 KiB. Where the log is durable the channel outlasts a restart with it. */
  note(notes: string): void;
  /**
   * Adds one message at the end. Appends of one channel complete in the order of their calls.
   * @throws HubError-like `EngineError` `log_full` when there is no room and nothing may be evicted
   */
  append(message: NewMessage): MaybePromise<StoredMessage>;
  /** The first kept and unexpired message behind `after`. Expired messages at the head are dropped on the way. */
  next(after: Position): MaybePromise<StoredMessage | undefined>;
  /** Up to `limit` kept and unexpired messages behind `after`, in order. */
  read(after: Position, limit: number): MaybePromise<readonly StoredMessage[]>;
  /** Drops the oldest message, if there is one. */
  dropOldest(): void;
  /** Drops messages that are past their time, oldest first, up to the first that is not. Returns how many. */
  dropExpired(): number;
}

/**
 * Which channels of one group (channel-key.ts), in the order of their ids' UTF-8 bytes; those that begin alike for 1,800
 * bytes and more stand in any fixed order.
 */
export interface ChannelKeyRange {
  /** '' for those of none */
  readonly group: string;
  /** how the ids begin; left out: anyhow */
  readonly prefix?: string | undefined;
  /** the id behind which to go on, which need not exist; left out: from the beginning */
  readonly after?: string | undefined;
  /** 1 to 10,000 */
  readonly limit: number;
}

export interface LogStats {
  /** that exist, opened or not */
  readonly channels: number;
  readonly messages: number;
  /** bytes counted against `maxBytes` */
  readonly bytes: number;
  readonly maxBytes: number;
}

/**
 * Keeps every channel's messages. Positions rise strictly within a channel and are never given twice, also not when the
 * channel is removed and opened again or the clock is set back.
 * @see test/contracts/message-log.contract.ts, docs/adr/0003-positions.md
 */
export interface MessageLog {
  /** The log of a channel, made when it does not exist. The same object until `remove` or `release`. */
  open(channel: string): ChannelLog;
  /** Whether the channel is open, or was when the engine stopped and had messages or notes. */
  has(channel: string): boolean;
  /** Keys of channels that exist. */
  channels(range: ChannelKeyRange): readonly string[];
  /** Groups that have a channel, in order; '' for those of none. */
  groups(): readonly string[];
  /**
   * Looks at the next `limit` channels on disk, going round, and gives those that somebody should open: they have no
   * message, or their oldest is past its time.
   */
  sweepStored(limit: number): readonly string[];
  /** Called about once a second: goes on with what the engine has left undone. */
  sweep(): void;
  /**
   * Closes a channel that nobody uses; what is on disk stays and is found by `open`.
   * @returns false when it stays open, because something of it is in memory alone
   */
  release(channel: string): boolean;
  /** Forgets the channel and its messages, not how far its positions went. */
  remove(channel: string): void;
  /**
   * For who has removed a channel or noted something: resolves once all that was done is as safe as the engine makes it.
   * @throws EngineError `log_full`, `engine_unavailable` when it is not yet; it is done as soon as it can be
   */
  settled(): MaybePromise<void>;
  stats(): LogStats;
  /** Completes what is under way. Nothing may be called afterwards. */
  close(): Promise<void>;
}

export type EngineErrorCode = 'log_full' | 'engine_unavailable' | 'revision_conflict';

/** What an engine throws: a code of the catalogue and a sentence with the value and the limit. */
export class EngineError extends Error {
  constructor(
    readonly code: EngineErrorCode,
    message: string,
  ) {
    super(message);
    this.name = 'EngineError';
  }
}
