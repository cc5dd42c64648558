import { MessageList } from '../message-list.js';
import type { NewMessage } from '../message-log.js';
import type { Position } from '../position.js';
import type { Batch } from './batch.js';
import { whereReadable } from './damage.js';
import { DiskMessage, type Mark } from './disk-message.js';
import type { DiskReader, Stretch } from './disk-reader.js';
import type { HotTails, Tail } from './hot-tails.js';
import type { Evictable, Room } from './room.js';

/** What the runs of all channels share. */
export interface RunSurroundings {
  readonly disk: DiskReader;
  readonly room: Room;
  readonly tails: HotTails;
}

/** The channel that a run belongs to. */
export interface RunOwner extends Tail {
  /** its number on disk */
  readonly number: number;
  /** the batch that its changes go into now */
  batch(): Batch;
}

/**
 * The stored messages of one channel, a gapless run of numbers (`seq`). It is known twice: as readers see it, which is what
 * is committed, and as it will be once all that waits is committed, by which new messages are planned. Its newest messages
 * may be in memory (`tail`); those before are on disk alone.
 */
export class StoredRun implements Evictable {
  /** the oldest that readers see; may be one that they do not see yet when all before it were dropped */
  private first: Mark | undefined;
  private last: Mark | undefined;
  private plannedFirst: Mark | undefined;
  private nextSeq: number;
  private nextBytes: number;
  /** the highest that was dropped: what waits must not bring it back */
  private goneSeq = 0;
  private readonly tail = new MessageList<DiskMessage>();

  constructor(
    private readonly around: RunSurroundings,
    private readonly owner: RunOwner,
  ) {
    const { number } = owner;
    this.first = number === 0 ? undefined : around.disk.first(number);
    this.last = this.first && around.disk.last(number);
    this.plannedFirst = this.first;
    this.nextSeq = seqBehind(this.last);
    this.nextBytes = bytesThrough(this.last);
  }

  get length(): number {
    return this.oldest === undefined ? 0 : (this.last as Mark).seq - this.oldest.seq + 1;
  }

  get bytes(): number {
    return this.oldest === undefined ? 0 : bytesThrough(this.last) - this.oldest.bytesBefore;
  }

  get plannedLength(): number {
    return this.plannedFirst === undefined ? 0 : this.nextSeq - this.plannedFirst.seq;
  }

  get plannedBytes(): number {
    return this.plannedFirst === undefined ? 0 : this.nextBytes - this.plannedFirst.bytesBefore;
  }

  get tailBytes(): number {
    return this.tail.bytes;
  }

  /** The oldest message that readers see. */
  get oldest(): Mark | undefined {
    return this.first && this.last && this.first.seq <= this.last.seq ? this.first : undefined;
  }

  /** The oldest message there will be once all that waits is committed. */
  get plannedOldest(): Mark | undefined {
    return this.plannedFirst;
  }

  get newest(): Mark | undefined {
    return this.last;
  }

  /** The channel is gone: none of its messages counts any more. */
  leave(): void {
    this.around.room.visible.add(-this.length, -this.bytes);
    this.around.room.planned.add(-this.plannedLength, -this.plannedBytes);
    this.around.tails.forget(this.owner);
  }

  /** Hands in a message. Readers see it with `show`. */
  plan(position: Position, draft: NewMessage, now: number): DiskMessage {
    const message = new DiskMessage(position, draft, now, this.nextSeq, this.nextBytes);
    const { cost } = message;
    this.nextSeq++;
    this.nextBytes += cost;
    this.plannedFirst ??= message;
    this.tail.push(message);
    this.owner.batch().putMessage(this.owner.number, message);
    this.around.room.planned.add(1, cost);
    this.around.tails.grow(this.owner, cost);
    return message;
  }

  /** Hands in that the oldest goes, of those that will be there. Readers see it until `show` with what is left. */
  planDrop(): void {
    const oldest = this.plannedFirst;
    if (!oldest) return;
    const next = this.behind(oldest);
    this.owner.batch().deleteMessage(this.owner.number, oldest.position);
    this.around.room.planned.add(-1, -oldest.cost);
    this.plannedFirst = next;
  }

  /** A planned message is committed: readers see it, and nothing before `first` any more. */
  show(message: Mark, first: Mark): void {
    const { length, bytes } = this;
    this.last = message;
    const oldest = whereReadable(() => this.firstLeft(first), message);
    if (!this.first || (oldest && oldest.seq > this.first.seq)) this.first = oldest;
    this.around.room.visible.add(this.length - length, this.bytes - bytes);
    this.trimTail();
  }

  /** @param mark that was the oldest when the message was planned */
  private firstLeft(mark: Mark): Mark | undefined {
    let oldest: Mark | undefined = mark;
    while (oldest && oldest.seq <= this.goneSeq) oldest = this.behind(oldest);
    return oldest;
  }

  /** Drops the oldest that readers see, at once; it goes from disk with the next batch. */
  dropOldest(): void {
    const { oldest } = this;
    if (!oldest) return;
    const next = this.behind(oldest);
    this.goneSeq = oldest.seq;
    if (this.plannedFirst?.seq === oldest.seq) this.planDrop();
    this.first = next;
    this.around.room.visible.add(-1, -oldest.cost);
    this.trimTail();
  }

  /** The message behind `mark`, committed or not. */
  behind(mark: Mark): Mark | undefined {
    const seq = mark.seq + 1;
    if (seq >= this.nextSeq) return undefined;
    const { first } = this.tail;
    return first && first.seq <= seq
      ? this.tail.at(seq - first.seq)
      : this.around.disk.behind(this.owner.number, mark.position);
  }

  /** Whether all that readers see behind `after` is in memory. */
  isInMemory(after: Position): boolean {
    const { last } = this;
    // The common poll: it has everything.
    if (!last || after >= last.position) return true;
    const { first } = this.tail;
    return first !== undefined && after + 1 >= first.position;
  }

  /** The first message that readers see, behind `after`, that has not expired, when it is in memory. @param now unix ms */
  next(after: Position, now: number): DiskMessage | undefined {
    if (!this.last || after >= this.last.position) return undefined;
    const found = this.tail.next(after, now);
    return found && this.sees(found) ? found : undefined;
  }

  /** Up to `limit` messages that readers see, behind `after`, that have not expired. @param now unix ms */
  read(after: Position, limit: number, now: number): Stretch {
    const { oldest } = this;
    if (!oldest || after >= (this.last as Mark).position) return NOTHING;
    const start = Math.max(after, oldest.position - 1);
    const { first } = this.tail;
    const before = Math.min(first?.position ?? Number.POSITIVE_INFINITY, (this.last as Mark).position + 1);
    const isCold = start + 1 < before;
    const cold = isCold ? this.around.disk.read(this.owner.number, start, before, { limit, now }) : NOTHING;
    if (!first || cold.messages.length >= limit || cold.restBehind !== undefined) return cold;
    const hot = this.tail.read(start, limit - cold.messages.length, now).filter((message) => this.sees(message));
    return { messages: isCold ? [...cold.messages, ...hot] : hot, restBehind: undefined };
  }

  /** What waits is lost: plans anew from what readers see. */
  forgetPlans(): void {
    const through = this.last?.seq ?? 0;
    for (let newest = this.tail.last; newest && newest.seq > through; newest = this.tail.last) {
      this.around.tails.gave(newest.cost);
      this.tail.pop();
    }
    if (!this.oldest) this.first = undefined;
    this.plannedFirst = this.first;
    this.nextSeq = through + 1;
    this.nextBytes = bytesThrough(this.last);
  }

  /** Hands in again what was told to be so and was lost: messages that were shown, and drops. */
  writeAgain(): void {
    this.saveAgain();
    this.deleteAgain();
  }

  cool(): void {
    this.tail.clear();
  }

  private sees({ position, seq }: DiskMessage): boolean {
    return position <= (this.last as Mark).position && seq >= (this.first as Mark).seq;
  }

  /** Messages that nobody will read any more leave memory. */
  private trimTail(): void {
    const from = Math.min(this.first?.seq ?? this.nextSeq, this.plannedFirst?.seq ?? this.nextSeq);
    for (let oldest = this.tail.first; oldest && oldest.seq < from; oldest = this.tail.first) {
      this.around.tails.gave(oldest.cost);
      this.tail.shift();
    }
  }

  private saveAgain(): void {
    for (let i = 0; i < this.tail.length; i++) {
      const message = this.tail.at(i) as DiskMessage;
      if (!message.isSaved && message.seq > this.goneSeq) {
        this.owner.batch().putMessage(this.owner.number, message);
      }
    }
  }

  private deleteAgain(): void {
    const { number } = this.owner;
    const before = this.first?.position ?? (this.last?.position ?? 0) + 1;
    const { disk } = this.around;
    for (const position of whereReadable(() => disk.positions(number, before, DELETED_AGAIN_AT_ONCE), [])) {
      this.owner.batch().deleteMessage(number, position);
    }
  }
}

const NOTHING: Stretch = { messages: [], restBehind: undefined };

/** More than a channel can have dropped while one batch was written. */
const DELETED_AGAIN_AT_ONCE = 100_000;

function seqBehind(mark: Mark | undefined): number {
  return (mark?.seq ?? 0) + 1;
}

function bytesThrough(mark: Mark | undefined): number {
  return mark ? mark.bytesBefore + mark.cost : 0;
}
