import { fillReference } from '../change-rules.js';
import type { MessageChange } from '../engine.js';
import { isKept, type KeptMessage } from '../kept-message.js';
import type { ChannelKeyRange, LogStats, MaybePromise, MessageLog, NewMessage, StoredMessage } from '../message-log.js';
import { compareUtf8 } from '../utf8-order.js';
import { indexKey } from './channel-index.js';
import { whereReadable } from './damage.js';
import { LmdbChannelLog, type LogSurroundings } from './lmdb-channel-log.js';
import type { RemovedChannels } from './removed-channels.js';
import { UnwrittenNames } from './unwritten-names.js';

/** Channels that a publisher who finds no room looks through for expired messages. */
const CHANNELS_PER_EXPIRY_SWEEP = 1_000;

/** A message that was handed in. */
export interface PlannedMessage {
  readonly message: KeptMessage;
  readonly log: LmdbChannelLog;
  /** lets readers see it */
  show(): void;
}

/** All channels' messages over lmdb. Channels are opened when they are used, and closed when nobody uses them. */
export class LmdbMessageLog implements MessageLog {
  private readonly logs = new Map<string, LmdbChannelLog>();
  /** names of open channels that the disk does not know */
  private readonly unwritten = new UnwrittenNames();
  private readonly swept: Round = { at: undefined };
  private readonly expired: Round = { at: undefined };

  constructor(
    private readonly around: LogSurroundings,
    private readonly removed: RemovedChannels,
  ) {}

  open(channel: string): LmdbChannelLog {
    let log = this.logs.get(channel);
    if (!log) {
      log = new LmdbChannelLog(this.around, channel);
      this.logs.set(channel, log);
      if (!log.isStored) this.around.count.unstored++;
      if (!log.isOnDisk) this.unwritten.add(channel);
    }
    return log;
  }

  has(channel: string): boolean {
    return this.logs.has(channel) || this.around.index.find(channel) !== undefined;
  }

  channels(range: ChannelKeyRange): readonly string[] {
    const keys = new Set(this.unwritten.keys(range));
    let found = 0;
    for (const key of this.around.index.names(range)) {
      keys.add(key);
      if (++found >= range.limit) break;
    }
    return [...keys]
      .map((key) => ({ key, place: indexKey(key) }))
      .sort((a, b) => a.place.compare(b.place))
      .slice(0, range.limit)
      .map(({ key }) => key);
  }

  groups(): readonly string[] {
    return [...new Set([...this.unwritten.groups(), ...this.around.index.groups()])].sort(compareUtf8);
  }

  sweepStored(limit: number): readonly string[] {
    return this.lookThrough(this.swept, limit);
  }

  sweep(): void {
    if (this.removed.isUnderWay) this.around.queue.openBatch();
    this.around.queue.retry();
    this.around.forgetDeadReaders();
  }

  remove(channel: string): void {
    if (!this.has(channel)) return;
    const log = this.open(channel);
    const { number, isStored } = log;
    log.leave();
    this.around.count.unstored--;
    this.logs.delete(channel);
    this.unwritten.delete(channel);
    this.around.positions.forget(log.reached);
    if (isStored) this.removed.remove(channel, number);
  }

  settled(): MaybePromise<void> {
    return this.around.queue.settled();
  }

  /** The disk knows this channel from now on. */
  written(channel: string): void {
    if (this.logs.get(channel)?.isOnDisk) this.unwritten.delete(channel);
  }

  release(channel: string): boolean {
    const log = this.logs.get(channel);
    if (!log) return true;
    if (!log.isAtRest) return false;
    this.around.tails.forget(log);
    this.logs.delete(channel);
    return true;
  }

  /** Hands in messages for several channels, all or nothing. @throws EngineError `log_full` */
  plan(changes: readonly MessageChange[]): PlannedMessage[] {
    const logs = changes.map(({ channel }) => this.open(channel));
    const incoming = changes.map(({ message }, i) => (logs[i] as LmdbChannelLog).incoming(message));
    this.around.room.makeFor(incoming, 'disk');
    const stored: StoredMessage[] = [];
    return changes.map((change, i) => {
      fillReference(change, stored);
      const planned = planIn(logs[i] as LmdbChannelLog, change.message);
      stored.push(planned.message);
      return planned;
    });
  }

  stats(): LogStats {
    const { visible, inMemory, limits } = this.around.room;
    return {
      channels: this.around.count.all,
      messages: visible.messages + inMemory.messages,
      bytes: visible.bytes + inMemory.bytes,
      maxBytes: limits.maxDiskBytes,
    };
  }

  /** What of all this is in memory. */
  get inMemory(): { readonly openChannels: number; readonly tailBytes: number } {
    return { openChannels: this.logs.size, tailBytes: this.around.tails.size };
  }

  async close(): Promise<void> {
    await this.around.queue.drain();
  }

  /** Drops expired messages of channels, also of those that nobody opened, going round. */
  dropExpired(): void {
    for (const name of this.lookThrough(this.expired, CHANNELS_PER_EXPIRY_SWEEP)) {
      const isInUse = this.logs.has(name);
      this.open(name).dropExpired();
      if (!isInUse) this.release(name);
    }
  }

  /** Of the next channels on disk those that have nothing unexpired at their head. */
  private lookThrough(round: Round, limit: number): string[] {
    const due: string[] = [];
    // Where names cannot be read it ends, and begins anew.
    if (whereReadable(() => this.findDue(round, limit, due), true)) round.at = undefined;
    return due;
  }

  /** @returns whether it has come to the last channel */
  private findDue(round: Round, limit: number, due: string[]): boolean {
    const now = this.around.now();
    let looked = 0;
    for (const { name, number } of this.around.index.behind(round.at)) {
      const expiresAt = this.logs.has(name) ? 0 : whereReadable(() => this.expiryOf(number), Number.POSITIVE_INFINITY);
      if (expiresAt <= now) due.push(name);
      round.at = name;
      if (++looked >= limit) return false;
    }
    return true;
  }

  /** When the oldest message of a channel expires, unix ms; 0 when it has none. */
  private expiryOf(number: number): number {
    return this.around.disk.first(number)?.expiresAt ?? 0;
  }
}

/** How far somebody has come who looks through all channels again and again. */
interface Round {
  /** the last channel; undefined: it begins anew */
  at: string | undefined;
}

function planIn(log: LmdbChannelLog, draft: NewMessage): PlannedMessage {
  if (!isKept(draft)) return { message: log.passing(draft), log, show: () => {} };
  const message = log.plan(draft);
  return { message, log, show: log.showing(message) };
}
