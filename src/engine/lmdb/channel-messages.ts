import { setImmediate as nextTurn } from 'node:timers/promises';
import type { KeptMessage } from '../kept-message.js';
import type { MaybePromise, StoredMessage } from '../message-log.js';
import type { Position } from '../position.js';
import { whereReadable } from './damage.js';
import type { Mark } from './disk-message.js';
import type { Stretch } from './disk-reader.js';
import { MemoryRun } from './memory-run.js';
import { type RunOwner, type RunSurroundings, StoredRun } from './stored-run.js';

/** Expired messages dropped at once; the rest follows with the next call. */
const EXPIRED_AT_ONCE = 200;

/** What the messages of all channels share. */
export interface MessageSurroundings extends RunSurroundings {
  /** unix ms */
  readonly now: () => number;
}

/** A channel's messages as one sequence: those that are stored, and those that are in memory alone. */
export class ChannelMessages {
  readonly stored: StoredRun;
  private inMemory: MemoryRun | undefined = undefined;
  private isGone = false;

  constructor(
    private readonly around: MessageSurroundings,
    owner: RunOwner,
  ) {
    this.stored = new StoredRun(around, owner);
  }

  get length(): number {
    return this.stored.length + this.lengthInMemory;
  }

  /** What `length` will be once all that waits is committed. */
  get plannedLength(): number {
    return this.stored.plannedLength + this.lengthInMemory;
  }

  get bytes(): number {
    return this.stored.bytes + (this.inMemory?.bytes ?? 0);
  }

  get lengthInMemory(): number {
    return this.inMemory?.length ?? 0;
  }

  /** Where messages go that are to be in memory alone. */
  get memoryRun(): MemoryRun {
    this.inMemory ??= new MemoryRun(this.around.room);
    return this.inMemory;
  }

  /** The oldest that readers see. */
  get oldest(): Expiring | undefined {
    return earlier<Expiring>(this.stored.oldest, this.inMemory?.plannedOldest);
  }

  /** The first unexpired one behind `after`: at once, or later when many expired ones lie before it. */
  next(after: Position): MaybePromise<StoredMessage | undefined> {
    const now = this.around.now();
    this.dropExpired(now);
    if (this.stored.isInMemory(after)) return this.earlierOf(this.stored.next(after, now), after, now);
    const stretch = this.stored.read(after, 1, now);
    if (stretch.restBehind === undefined) return this.earlierOf(stretch.messages[0], after, now);
    return this.readOn(stretch, after, 1).then(([first]) => first);
  }

  /** Up to `limit` unexpired ones behind `after`, in order: at once, or later when many expired ones lie between. */
  read(after: Position, limit: number): MaybePromise<readonly StoredMessage[]> {
    const now = this.around.now();
    this.dropExpired(now);
    const stretch = this.stored.read(after, limit, now);
    if (stretch.restBehind !== undefined) return this.readOn(stretch, after, limit);
    return this.merged(stretch.messages, after, limit);
  }

  dropOldest(): void {
    const { plannedOldest } = this.inMemory ?? {};
    if (plannedOldest && plannedOldest === this.oldest) this.inMemory?.planDrop();
    else this.stored.dropOldest();
  }

  /** Drops the oldest with the next commit, of those that will be there then. */
  planDrop(): void {
    const { plannedOldest } = this.inMemory ?? {};
    if (plannedOldest && earlier<Expiring>(this.stored.plannedOldest, plannedOldest) === plannedOldest) {
      this.inMemory?.planDrop();
    } else this.stored.planDrop();
  }

  dropExpired(now = this.around.now()): number {
    let dropped = 0;
    // Those behind which nothing can be read stay; nobody is given them.
    while (dropped < EXPIRED_AT_ONCE && whereReadable(() => this.dropOneExpired(now), false)) dropped++;
    return dropped;
  }

  private dropOneExpired(now: number): boolean {
    const { oldest } = this;
    if (!oldest || oldest.expiresAt > now) return false;
    this.dropOldest();
    return true;
  }

  /** The channel is gone: none of its messages counts any more. */
  leave(): void {
    this.isGone = true;
    this.stored.leave();
    this.inMemory?.leave();
  }

  /** Goes on behind a first stretch, one stretch a turn of the event loop. */
  private async readOn(first: Stretch, after: Position, limit: number): Promise<readonly StoredMessage[]> {
    const found = [...first.messages];
    for (let { restBehind } = first; restBehind !== undefined; ) {
      await nextTurn();
      if (this.isGone) return [];
      const stretch = this.stored.read(restBehind, limit - found.length, this.around.now());
      found.push(...stretch.messages);
      restBehind = stretch.restBehind;
    }
    return this.merged(found, after, limit);
  }

  private earlierOf(stored: KeptMessage | undefined, after: Position, now: number): KeptMessage | undefined {
    return this.inMemory ? earlier(stored, this.inMemory.next(after, now)) : stored;
  }

  private merged(stored: readonly KeptMessage[], after: Position, limit: number): readonly StoredMessage[] {
    if (!this.inMemory) return stored;
    const all = [...stored, ...this.inMemory.read(after, limit, this.around.now())];
    return all.sort((a, b) => a.position - b.position).slice(0, limit);
  }
}

type Expiring = Pick<Mark, 'position' | 'expiresAt'>;

function earlier<M extends { readonly position: Position }>(a: M | undefined, b: M | undefined): M | undefined {
  if (!a || !b) return a ?? b;
  return a.position < b.position ? a : b;
}
