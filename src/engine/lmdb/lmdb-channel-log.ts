import { isKept, KeptMessage, sizeOf } from '../kept-message.js';
import type { ChannelLog, Durability, MaybePromise, NewMessage, StoredMessage } from '../message-log.js';
import { BEFORE_ALL, type Position } from '../position.js';
import type { Batch, Participant } from './batch.js';
import { ChannelEntry, type EntrySurroundings } from './channel-entry.js';
import { ChannelMessages, type MessageSurroundings } from './channel-messages.js';
import type { CommitQueue } from './commit-queue.js';
import type { DiskMessage, Mark } from './disk-message.js';
import type { Tail } from './hot-tails.js';
import type { Positions } from './positions.js';
import type { Incoming } from './room.js';
import { type Telling, Untold } from './untold.js';

/** What the logs of all channels share. */
export interface LogSurroundings extends MessageSurroundings, EntrySurroundings {
  readonly queue: CommitQueue;
  readonly positions: Positions;
  /** Frees what a reader beside the hub, a backup, held on to when it was killed. */
  forgetDeadReaders(): void;
}

/** One channel over lmdb: gives its messages their positions, keeps them, and tells of them when it may. */
export class LmdbChannelLog implements ChannelLog, Participant, Tail, Telling {
  readonly isDurable = true;
  lastBatch: Batch | undefined = undefined;
  isHot = false;
  untold = 0;
  private readonly entry: ChannelEntry;
  private readonly messages: ChannelMessages;
  private isRemoved = false;
  private lastPosition: Position;
  private reachedPosition: Position;
  readonly batch = (): Batch => this.around.queue.batchFor(this);

  constructor(
    private readonly around: LogSurroundings,
    name: string,
  ) {
    this.entry = new ChannelEntry(around, name);
    this.messages = new ChannelMessages(around, this);
    this.lastPosition = this.messages.stored.newest?.position ?? BEFORE_ALL;
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
    return this.messages.length;
  }

  get plannedLength(): number {
    return this.messages.plannedLength;
  }

  get bytes(): number {
    return this.messages.bytes;
  }

  get tailBytes(): number {
    return this.messages.stored.tailBytes;
  }

  get first(): Position | undefined {
    return this.messages.oldest?.position;
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
    if (!isKept(draft)) return this.tell(this.passing(draft), showNothing);
    if (durability === 'none') return this.keepInMemory(draft);
    this.around.queue.admit();
    this.makeRoom(draft, this.messages.stored, 'disk');
    const message = this.plan(draft);
    const show = this.showing(message);
    if (durability === 'disk' || !this.around.queue.isHealthy) return this.tellLater(message, show);
    return this.tell(message, show);
  }

  /** A message on its way here, for those who look for room for several. */
  incoming(message: NewMessage): Incoming {
    return { channel: this, run: this.messages.stored, message };
  }

  /** Hands in a message that there is room for. Readers see it when `showing` is called. */
  plan(draft: NewMessage): DiskMessage {
    const now = this.around.now();
    this.entry.make(this.batch);
    // Before the message is handed in: where the file is damaged nothing can be dropped, and the message is refused.
    if (this.plannedLength >= draft.keepAtMost) this.messages.planDrop();
    return this.messages.stored.plan(this.nextPosition(now), draft, now);
  }

  /** What lets readers see a planned message, and no longer see what was dropped for it. */
  showing(message: DiskMessage): () => void {
    const first = this.messages.stored.plannedOldest as Mark;
    return () => {
      if (!this.isRemoved) this.messages.stored.show(message, first);
    };
  }

  /** A message that is kept nowhere: it has a position, and those who wait get it. */
  passing(draft: NewMessage): KeptMessage {
    const now = this.around.now();
    return new KeptMessage(this.nextPosition(now), draft, now);
  }

  next(after: Position): MaybePromise<StoredMessage | undefined> {
    return this.messages.next(after);
  }

  read(after: Position, limit: number): MaybePromise<readonly StoredMessage[]> {
    return this.messages.read(after, limit);
  }

  dropOldest(): void {
    this.messages.dropOldest();
  }

  dropExpired(): number {
    return this.messages.dropExpired();
  }

  /** The channel was removed: nothing of it counts any more. */
  leave(): void {
    this.isRemoved = true;
    this.messages.leave();
    this.entry.leave();
  }

  /** Nothing of it is in memory alone, and nobody waits for it. */
  get isAtRest(): boolean {
    return this.isWritten && this.untold === 0 && this.isStored && this.messages.lengthInMemory === 0;
  }

  cool(): boolean {
    if (!this.isWritten) return false;
    this.messages.stored.cool();
    return true;
  }

  rollBack(): void {
    if (this.isRemoved) return;
    const { stored } = this.messages;
    stored.forgetPlans();
    this.entry.rollBack(stored.length > 0, this.batch);
    stored.writeAgain();
  }

  private get isWritten(): boolean {
    return this.lastBatch === undefined || this.lastBatch.isDone;
  }

  private keepInMemory(draft: NewMessage): MaybePromise<StoredMessage> {
    const { memoryRun } = this.messages;
    this.makeRoom(draft, memoryRun, 'none');
    const message = this.passing(draft);
    return this.tell(message, () => {
      if (this.isRemoved) return;
      memoryRun.keep(message);
      if (this.length > draft.keepAtMost) this.dropOldest();
    });
  }

  /** @throws EngineError `log_full` */
  private makeRoom(message: NewMessage, run: Incoming['run'], durability: Durability): void {
    const { room } = this.around;
    if (room.lacks(sizeOf(message), 1, durability)) room.makeFor([{ channel: this, run, message }], durability);
  }

  /** Tells a message at once where that is allowed before a commit, and otherwise with the next. */
  private tell<M extends StoredMessage>(message: M, show: () => void): MaybePromise<M> {
    const { positions, queue } = this.around;
    const isReserved = positions.isReserved(message.position);
    // The reservation that will be needed soon goes to disk while nobody waits for it.
    if (positions.isRenewing) queue.openBatch();
    if (!isReserved || this.untold > 0) return this.tellLater(message, show);
    show();
    return message;
  }

  /** Tells a message with the next commit, after all that were told before. */
  private tellLater<M extends StoredMessage>(message: M, show: () => void): Promise<M> {
    const untold = new Untold(this, message, show);
    this.around.queue.wait(untold);
    return untold.told;
  }

  private nextPosition(now: number): Position {
    this.lastPosition = this.around.positions.next(this.reachedPosition, now);
    this.reachedPosition = this.lastPosition;
    return this.lastPosition;
  }
}

function showNothing(): void {}
