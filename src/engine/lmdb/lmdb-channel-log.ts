import { isKept, KeptMessage, sizeOf } from '../kept-message.js';
import type { ChannelLog, Durability, EngineError, MaybePromise, NewMessage, StoredMessage } from '../message-log.js';
import { BEFORE_ALL, type Position } from '../position.js';
import type { Batch, Participant } from './batch.js';
import { ChannelEntry, type EntrySurroundings } from './channel-entry.js';
import type { CommitQueue } from './commit-queue.js';
import type { DiskMessage, Mark } from './disk-message.js';
import type { Tail } from './hot-tails.js';
import { MemoryRun } from './memory-run.js';
import type { Positions } from './positions.js';
import type { Incoming } from './room.js';
import { type RunSurroundings, StoredRun } from './stored-run.js';

/** What the logs of all channels share. */
export interface LogSurroundings extends RunSurroundings, EntrySurroundings {
  readonly queue: CommitQueue;
  readonly positions: Positions;
  /** unix ms */
  readonly now: () => number;
  /** Frees what a reader beside the hub, a backup, held on to when it was killed. */
  forgetDeadReaders(): void;
}

/** Expired messages dropped at once; the rest follows with the next call. */
const EXPIRED_AT_ONCE = 1_000;

/** One channel over lmdb: its stored messages, and beside them those that are in memory alone. */
export class LmdbChannelLog implements ChannelLog, Participant, Tail {
  readonly isDurable = true;
  lastBatch: Batch | undefined = undefined;
  isHot = false;
  private readonly entry: ChannelEntry;
  private readonly stored: StoredRun;
  private inMemory: MemoryRun | undefined = undefined;
  private isRemoved = false;
  /** messages that are told after a commit, in the order of their appends */
  private waiting = 0;
  private lastPosition: Position;
  private reachedPosition: Position;
  readonly batch = (): Batch => this.around.queue.batchFor(this);

  constructor(
    private readonly around: LogSurroundings,
    name: string,
  ) {
    this.entry = new ChannelEntry(around, name);
    this.stored = new StoredRun(around, this);
    this.lastPosition = this.stored.newest?.position ?? BEFORE_ALL;
    const { start, lowest } = around.positions;
    this.reachedPosition = Math.max(this.lastPosition, this.entry.isStored ? start : lowest);
  }

  /** its number on disk; 0: it never had one */
  get number(): number {
    return this.entry.number;
  }

  get notes(): string | undefined {
    return this.entry.notes;
  }

  get isStored(): boolean {
    return this.entry.isStored;
  }

  get isOnDisk(): boolean {
    return this.entry.isOnDisk;
  }

  get length(): number {
    return this.stored.length + (this.inMemory?.length ?? 0);
  }

  get plannedLength(): number {
    return this.stored.plannedLength + (this.inMemory?.length ?? 0);
  }

  get bytes(): number {
    return this.stored.bytes + (this.inMemory?.bytes ?? 0);
  }

  get tailBytes(): number {
    return this.stored.tailBytes;
  }

  get first(): Position | undefined {
    return earlier<Expiring>(this.stored.oldest, this.inMemory?.plannedOldest)?.position;
  }

  get last(): Position {
    return this.lastPosition;
  }

  /** The highest position that was given here, or what the channel began above. */
  get reached(): Position {
    return this.reachedPosition;
  }

  note(notes: string): void {
    this.entry.note(notes, this.batch);
  }

  append(draft: NewMessage): MaybePromise<StoredMessage> {
    const durability = draft.durability ?? 'disk';
    if (!isKept(draft)) return this.tell(this.passing(draft), () => {});
    if (durability === 'none') return this.keepInMemory(draft);
    this.around.queue.admit();
    this.makeRoom(draft, this.stored, 'disk');
    const message = this.plan(draft);
    const show = this.showing(message);
    if (durability === 'disk' || !this.around.queue.isHealthy) return this.tellLater(message, show);
    return this.tell(message, show);
  }

  /** A message on its way here, for those who look for room for several. */
  incoming(message: NewMessage): Incoming {
    return { channel: this, run: this.stored, message };
  }

  /** Hands in a message that there is room for. Readers see it when `showing` is called. */
  plan(draft: NewMessage): DiskMessage {
    const now = this.around.now();
    this.entry.make(this.batch);
    const message = this.stored.plan(this.nextPosition(now), draft, now);
    if (this.plannedLength > draft.keepAtMost) this.dropPlanned();
    return message;
  }

  /** What lets readers see a planned message, and no longer see what was dropped for it. */
  showing(message: DiskMessage): () => void {
    const first = this.stored.plannedOldest as Mark;
    return () => {
      if (!this.isRemoved) this.stored.show(message, first);
    };
  }

  /** A message that is kept nowhere: it has a position, and those who wait get it. */
  passing(draft: NewMessage): KeptMessage {
    const now = this.around.now();
    return new KeptMessage(this.nextPosition(now), draft, now);
  }

  /** Somebody waits for a commit: what comes behind it is told after it. */
  beginWait(): void {
    this.waiting++;
  }

  endWait(): void {
    this.waiting--;
  }

  /** Tells a message with the next commit, after all that were told before. */
  private tellLater<M extends StoredMessage>(message: M, show: () => void): Promise<M> {
    this.beginWait();
    return new Promise((resolve, reject) => {
      const settle = () => {
        this.endWait();
        show();
        resolve(message);
      };
      const fail = (error: EngineError) => {
        this.endWait();
        reject(error);
      };
      this.around.queue.wait({ settle, fail });
    });
  }

  next(after: Position): StoredMessage | undefined {
    this.dropExpired();
    const now = this.around.now();
    const stored = this.stored.next(after, now);
    return this.inMemory ? earlier<KeptMessage>(stored, this.inMemory.next(after, now)) : stored;
  }

  read(after: Position, limit: number): readonly StoredMessage[] {
    this.dropExpired();
    const now = this.around.now();
    const stored = this.stored.read(after, limit, now);
    if (!this.inMemory) return stored;
    const all: KeptMessage[] = [...stored, ...this.inMemory.read(after, limit, now)];
    return all.sort((a, b) => a.position - b.position).slice(0, limit);
  }

  dropOldest(): void {
    const { plannedOldest } = this.inMemory ?? {};
    if (plannedOldest && plannedOldest.position === this.first) this.inMemory?.planDrop();
    else this.stored.dropOldest();
  }

  dropExpired(): number {
    const now = this.around.now();
    let dropped = 0;
    for (; dropped < EXPIRED_AT_ONCE; dropped++) {
      const oldest = earlier<Expiring>(this.stored.oldest, this.inMemory?.plannedOldest);
      if (!oldest || oldest.expiresAt > now) break;
      this.dropOldest();
    }
    return dropped;
  }

  /** @throws EngineError `log_full` */
  private makeRoom(message: NewMessage, run: Incoming['run'], durability: Durability): void {
    const { room } = this.around;
    if (room.lacks(sizeOf(message), 1, durability)) room.makeFor([{ channel: this, run, message }], durability);
  }

  private keepInMemory(draft: NewMessage): MaybePromise<StoredMessage> {
    this.inMemory ??= new MemoryRun(this.around.room);
    const { inMemory } = this;
    this.makeRoom(draft, inMemory, 'none');
    const message = this.passing(draft);
    return this.tell(message, () => {
      if (this.isRemoved) return;
      inMemory.keep(message);
      if (this.length > draft.keepAtMost) this.dropOldest();
    });
  }

  /** Tells a message at once where that is allowed before a commit, and otherwise with the next. */
  private tell<M extends StoredMessage>(message: M, show: () => void): MaybePromise<M> {
    const { positions, queue } = this.around;
    const isReserved = positions.isReserved(message.position);
    // The reservation that will be needed soon goes to disk while nobody waits for it.
    if (positions.isRenewing) queue.openBatch();
    if (!isReserved || this.waiting > 0) return this.tellLater(message, show);
    show();
    return message;
  }

  private dropPlanned(): void {
    const { plannedOldest } = this.inMemory ?? {};
    if (plannedOldest && earlier<Expiring>(this.stored.plannedOldest, plannedOldest) === plannedOldest) {
      this.inMemory?.planDrop();
    } else this.stored.planDrop();
  }

  private nextPosition(now: number): Position {
    this.lastPosition = this.around.positions.next(this.reachedPosition, now);
    this.reachedPosition = this.lastPosition;
    return this.lastPosition;
  }

  /** The channel was removed: nothing of it counts any more. */
  leave(): void {
    this.isRemoved = true;
    this.stored.leave();
    this.inMemory?.leave();
    this.entry.leave();
  }

  /** Nothing of it is in memory alone, and nobody waits for it. */
  get isAtRest(): boolean {
    return this.isWritten && this.waiting === 0 && this.isStored && (this.inMemory?.length ?? 0) === 0;
  }

  cool(): boolean {
    if (!this.isWritten) return false;
    this.stored.cool();
    return true;
  }

  rollBack(): void {
    if (this.isRemoved) return;
    this.stored.forgetPlans();
    this.entry.rollBack(this.stored.length > 0, this.batch);
    this.stored.writeAgain();
  }

  private get isWritten(): boolean {
    return this.lastBatch === undefined || this.lastBatch.isDone;
  }
}

interface Expiring {
  readonly position: Position;
  readonly expiresAt: number;
}

function earlier<M extends { readonly position: Position }>(a: M | undefined, b: M | undefined): M | undefined {
  if (!a || !b) return a ?? b;
  return a.position < b.position ? a : b;
}
