import { setImmediate as nextTick } from 'node:timers/promises';
import { channelKey, HUB_GROUP_MARK } from '../../channels/channel-key.js';
import type { Channels } from '../../channels/channels.js';
import { andThen } from '../../channels/maybe-promise.js';
import { type Companion, type Tap, TapPoint } from '../../channels/tap.js';
import type { Engine } from '../../engine/engine.js';
import type { ChannelLog, MaybePromise, NewMessage, StoredMessage } from '../../engine/message-log.js';
import { BEFORE_ALL, type Position, positionOf } from '../../engine/position.js';
import { isOutcomeChannel } from './ended-outcome.js';
import { type JournalEntry, JournalMessage, readEntry } from './journal-entry.js';

export interface JournalLimits {
  /** entries; one more drops the oldest, whether all plugins have read it or not */
  readonly maxEntries: number;
  /** ms that an entry is kept at most */
  readonly timeoutMs: number;
}

export interface Place {
  readonly position: Position;
  /** the entry's number */
  readonly seq: number;
}

/** One plugin's way through the journal. */
export interface JournalReader {
  wants(channelId: string): boolean;
  takes(channelId: string, body: Buffer): boolean;
  /** An entry was committed. Called in the order of the journal. */
  arrive(entry: JournalEntry): void;
  /** everything up to here may be dropped for its sake */
  readonly keptFrom: Position;
}

/** An entry that has its place in the order, and is told once those before it are. */
interface Ticket {
  isOpen: boolean;
  /** undefined: it is not committed yet, or never will be */
  entry: JournalEntry | undefined;
  /** the one that got its place behind it */
  next: Ticket | undefined;
}

/** The log that nobody can name. */
const JOURNAL_LOG = channelKey(`${HUB_GROUP_MARK}logic`, 'journal');
/** Entries dropped in one go. */
const TRIM_AT_ONCE = 10_000;
/** Entries that are looked at for one question, and those of them that are read at a time. */
const MAX_LOOKED = 20_000;
const LOOK_AT_ONCE = 256;

/**
 * All events and outcomes that enabled plugins want, in one order, each committed together with the message on its own
 * channel (docs/adr/0011-turns.md). Plugins that keep up get them from memory; the others read them here.
 */
export class Journal implements Tap {
  /** the last entry that its readers were told of */
  told: Place = { position: BEFORE_ALL, seq: 0 };
  /** number of the last entry; those that were never committed leave gaps */
  private seq = 0;
  private readers: readonly JournalReader[] = [];
  /** entries that are being committed, in order */
  private firstTicket: Ticket | undefined = undefined;
  private lastTicket: Ticket | undefined = undefined;

  constructor(
    private readonly engine: Engine,
    private readonly channels: Channels,
    private readonly limits: JournalLimits,
  ) {}

  /** entries kept, read by all or not */
  get length(): number {
    return this.log?.length ?? 0;
  }

  /** the oldest entry; undefined: there is none */
  get first(): Position | undefined {
    return this.log?.first;
  }

  /** Finds its end. @param seq the highest number that is known from elsewhere */
  async open(seq: number): Promise<void> {
    const position = this.log?.last ?? BEFORE_ALL;
    const [last] = (await this.log?.read(position - 1, 1)) ?? [];
    this.seq = Math.max(seq, last ? readEntry(last).seq : 0);
    this.told = { position, seq: this.seq };
  }

  /** Lets a plugin read along. Its wishes may change until `listen` is called. */
  add(reader: JournalReader): void {
    if (!this.readers.includes(reader)) this.readers = [...this.readers, reader];
  }

  remove(reader: JournalReader): void {
    if (!this.readers.includes(reader)) return;
    this.readers = this.readers.filter((known) => known !== reader);
    this.listen();
  }

  /** Takes part in what is published from now on, as the readers wish it. */
  listen(): void {
    this.channels.tap(new TapPoint(this, this.engine));
  }

  wants(channelId: string): boolean {
    for (const reader of this.readers) if (reader.wants(channelId)) return true;
    return false;
  }

  companionOf(channel: string, { body, text }: NewMessage, cause = ''): Companion | undefined {
    // Of a channel of events every message is wanted, or none: it is asked about those of outcomes alone.
    if (isOutcomeChannel(channel) && !this.isTaken(channel, body)) return undefined;
    const seq = ++this.seq;
    const message = new JournalMessage({ seq, channel, cause, body, text }, this.limits.maxEntries);
    const ticket = this.newTicket();
    const committed = ({ position: eventPosition, publishedAt }: StoredMessage, { position }: StoredMessage) =>
      this.settle(ticket, { position, seq, channel, eventPosition, publishedAt, body, cause });
    return { channel: JOURNAL_LOG, message, committed, failed: () => this.settle(ticket, undefined) };
  }

  /** Entries behind a position, in order. */
  read(after: Position, limit: number): MaybePromise<readonly JournalEntry[]> {
    return andThen(this.log?.read(after, limit) ?? [], (messages) => messages.map(readEntry));
  }

  /** Looks for an event's entry behind a position, among 20,000 of them at most. @returns undefined: it is not there */
  async find(channel: string, eventPosition: Position, after: Position): Promise<JournalEntry | undefined> {
    let from = after;
    for (let looked = 0; looked < MAX_LOOKED; looked += LOOK_AT_ONCE) {
      const entries = await this.read(from, LOOK_AT_ONCE);
      const found = entries.find((entry) => entry.eventPosition === eventPosition && entry.channel === channel);
      const last = entries.at(-1);
      if (found || !last || entries.length < LOOK_AT_ONCE) return found;
      from = last.position;
      await nextTick();
    }
    return undefined;
  }

  /** Drops what no reader needs any more, and what is past its time, but never the last entry. */
  trim(): void {
    let keptFrom = this.told.position;
    for (const reader of this.readers) keptFrom = Math.min(keptFrom, reader.keptFrom);
    const { clock } = this.channels;
    const expired = positionOf(Math.floor((clock.now() - this.limits.timeoutMs) / 1_000), 0);
    const upTo = Math.max(keptFrom, expired);
    const { log } = this;
    for (let i = 0; log && i < TRIM_AT_ONCE && log.length > 1 && (log.first ?? upTo) < upTo; i++) log.dropOldest();
  }

  /** Asked for each time: there is none before the first entry, and an engine may close one that was not used for a while. */
  private get log(): ChannelLog | undefined {
    const { messages } = this.engine;
    return messages.has(JOURNAL_LOG) ? messages.open(JOURNAL_LOG) : undefined;
  }

  /** Tells entries in the order in which they got their places, whatever of them is safe first. */
  private settle(ticket: Ticket, entry: JournalEntry | undefined): void {
    ticket.isOpen = false;
    ticket.entry = entry;
    for (let first = this.firstTicket; first && !first.isOpen; first = this.firstTicket) {
      this.firstTicket = first.next;
      if (!first.next) this.lastTicket = undefined;
      if (first.entry) this.tell(first.entry);
    }
  }

  private newTicket(): Ticket {
    const ticket: Ticket = { isOpen: true, entry: undefined, next: undefined };
    if (this.lastTicket) this.lastTicket.next = ticket;
    else this.firstTicket = ticket;
    this.lastTicket = ticket;
    return ticket;
  }

  private isTaken(channel: string, body: Buffer): boolean {
    for (const reader of this.readers) if (reader.wants(channel) && reader.takes(channel, body)) return true;
    return false;
  }

  private tell(entry: JournalEntry): void {
    this.told = { position: entry.position, seq: entry.seq };
    for (const reader of this.readers) reader.arrive(entry);
  }
}
