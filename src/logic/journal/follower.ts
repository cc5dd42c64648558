import { andThen, recover } from '../../channels/maybe-promise.js';
import { readAll } from '../../devices/registry/read-all.js';
import type { Engine } from '../../engine/engine.js';
import type { Position } from '../../engine/position.js';
import { below, TURNS } from '../store/tables.js';
import { Cursor, type CursorRecord, type OpenEntry } from './cursor.js';
import { CursorProgress } from './cursor-progress.js';
import { type Interest, InterestFilter, NO_INTEREST } from './interest.js';
import type { Journal, JournalReader, Place } from './journal.js';
import type { JournalEntry } from './journal-entry.js';

/** Who takes what a plugin's follower brings. */
export interface Intake {
  /** False when what comes has to wait in the journal. */
  readonly hasRoom: boolean;
  /** the handlers that want an entry */
  handlersOf(entry: JournalEntry): readonly string[];
  /** @param handlers those that are not done with it yet, at least one */
  take(entry: JournalEntry, handlers: readonly string[], open: OpenEntry): void;
  /** Entries went before the plugin saw them. @param atMost some of them may have been for other plugins */
  lost(atMost: number): void;
  /** The journal or the cursor could not be read or written; it is tried again. */
  failed(error: unknown): void;
}

/** An event's entry in the journal. */
export interface FoundEntry {
  /** true: it waits for its turn in memory, or has it */
  readonly isBrought: boolean;
  /** entries that are to be brought first */
  readonly before: number;
}

/** Entries read from the journal at a time. */
const BATCH = 256;
/** Entries that a plugin may have begun beyond one that it is not done with; more wait in the journal. */
const MAX_AHEAD = 10_000;

/**
 * Brings one plugin its entries of the journal: as they are committed while the plugin keeps up, and read from the
 * journal when it did not, or was not there. Every entry once, in the order of the journal.
 */
export class Follower implements JournalReader {
  private filter: InterestFilter;
  private intake: Intake | undefined;
  /** true: everything before the next entry to be committed was brought */
  private isLive = false;
  private isReading = false;
  /** what the plugin is done with */
  readonly progress: CursorProgress;

  private constructor(
    readonly cursor: Cursor,
    { interest, isNew }: { readonly interest: Interest; readonly isNew: boolean },
    /** everything up to here was brought */
    private readTo: Position,
    private readSeq: number,
    private readonly parts: { readonly engine: Engine; readonly journal: Journal },
  ) {
    this.filter = new InterestFilter(interest);
    this.progress = new CursorProgress(cursor, interest, isNew, {
      ...parts,
      failed: (error) => this.intake?.failed(error),
    });
  }

  /**
   * The follower of an enabled plugin, which wants what it wanted when it ran last.
   * @param record undefined: it never ran, and begins at the end of the journal
   */
  static async of(
    plugin: string,
    record: CursorRecord | undefined,
    parts: { readonly engine: Engine; readonly journal: Journal },
  ): Promise<Follower> {
    const { position, seq, patterns, outcomes } = record ?? { ...parts.journal.told, ...NO_INTEREST };
    const done: string[] = [];
    for await (const { key } of readAll(parts.engine.table(TURNS), below(plugin))) done.push(key);
    const wanted = { interest: { patterns, outcomes }, isNew: record === undefined };
    return new Follower(new Cursor(plugin, position, seq, done), wanted, position, seq, parts);
  }

  get keptFrom(): Position {
    return this.cursor.writtenMark;
  }

  /** the journal's last entry */
  get end(): Position {
    return this.parts.journal.told.position;
  }

  /** entries of the journal that were not brought yet, those for other plugins included */
  get behind(): number {
    return Math.max(this.parts.journal.told.seq - this.readSeq, 0);
  }

  /** True when the journal has dropped entries that were brought, and that the plugin is not done with. */
  get isOverrun(): boolean {
    const { first } = this.parts.journal;
    const { oldest } = this.cursor;
    return oldest !== undefined && (first === undefined || oldest < first);
  }

  /** age of the oldest entry that the plugin is not done with, ms; 0: there is none. @param now unix ms */
  lagMs(now: number): number {
    const { oldestAt } = this.cursor;
    return oldestAt === undefined ? 0 : Math.max(now - oldestAt, 0);
  }

  /**
   * Looks for an event among the first 20,000 entries that the plugin may not be done with.
   * @returns whether it was brought, and how many entries come before it if not; undefined: it is not among them
   */
  async find(channel: string, position: Position): Promise<FoundEntry | undefined> {
    const found = await this.parts.journal.find(channel, position, this.keptFrom);
    return found && this.placeOf(found);
  }

  wants(channelId: string): boolean {
    return this.filter.wants(channelId);
  }

  takes(channelId: string, body: Buffer): boolean {
    return this.filter.takes(channelId, body);
  }

  /** The plugin was loaded: what it wants from now on. */
  want(interest: Interest): void {
    this.progress.want(interest);
    this.filter = new InterestFilter(interest);
  }

  /** There is nothing that it could read before something else happens. */
  get isAtRest(): boolean {
    return this.isLive || !this.intake || !this.canTake(this.intake);
  }

  /** Begins to bring entries. */
  start(intake: Intake): void {
    this.intake = intake;
    this.pump();
  }

  stop(): void {
    this.intake = undefined;
    this.isLive = false;
  }

  arrive(entry: JournalEntry): void {
    if (!this.isLive || entry.position <= this.readTo) return;
    if (this.intake && this.canTake(this.intake)) this.bring(entry, this.intake);
    else this.isLive = false;
  }

  /** Reads on when there is something to read and room for it. Called when room was made. */
  pump(): void {
    const { intake } = this;
    if (this.isLive || this.isReading || !intake || !this.canTake(intake)) return;
    this.isReading = true;
    const told = this.parts.journal.told;
    recover(
      () => andThen(this.parts.journal.read(this.readTo, BATCH), (entries) => this.bringAll(entries, told)),
      (error) => {
        this.isReading = false;
        this.intake?.failed(error);
      },
    );
  }

  private placeOf({ position, seq }: JournalEntry): FoundEntry | undefined {
    if (position > this.readTo) return { isBrought: false, before: seq - this.readSeq - 1 };
    return this.cursor.isOpen(position) ? { isBrought: true, before: 0 } : undefined;
  }

  private canTake(intake: Intake): boolean {
    return intake.hasRoom && this.cursor.ahead < MAX_AHEAD;
  }

  /** @param told the last entry that had been told when the reading began */
  private bringAll(entries: readonly JournalEntry[], told: Place): void {
    this.isReading = false;
    const { intake } = this;
    if (!intake) return;
    const [first] = entries;
    if (!first) return this.reachEnd(told, intake);
    // What retention took before it was read stood right before the oldest entry that is left.
    if (this.parts.journal.first === first.position) this.noteLost(first.seq - 1, intake);
    for (const entry of entries) {
      if (!this.canTake(intake)) return;
      this.bring(entry, intake);
    }
    setImmediate(() => this.pump());
  }

  private reachEnd(told: Place, intake: Intake): void {
    this.noteLost(told.seq, intake);
    this.readTo = Math.max(this.readTo, told.position);
    this.readSeq = Math.max(this.readSeq, told.seq);
    this.isLive = this.parts.journal.told.position <= this.readTo;
    if (!this.isLive) setImmediate(() => this.pump());
  }

  /** @param lastSeq the number of the last entry that is no longer there */
  private noteLost(lastSeq: number, intake: Intake): void {
    const atMost = lastSeq - this.readSeq;
    if (atMost > 0) intake.lost(atMost);
  }

  private bring(entry: JournalEntry, intake: Intake): void {
    const { position, seq } = entry;
    this.readTo = position;
    this.readSeq = seq;
    const handlers = this.undone(position, intake.handlersOf(entry));
    const open = this.cursor.begin(entry, handlers.length);
    if (handlers.length > 0) intake.take(entry, handlers, open);
    if (this.cursor.isFarUnwritten) void this.progress.save();
  }

  private undone(position: Position, handlers: readonly string[]): readonly string[] {
    const { cursor } = this;
    return cursor.knowsDone ? handlers.filter((handler) => !cursor.wasDone(position, handler)) : handlers;
  }
}
