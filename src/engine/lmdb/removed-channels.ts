import type { Batch, Participant } from './batch.js';
import { type ChannelIndex, removedKey } from './channel-index.js';
import type { CommitQueue } from './commit-queue.js';
import { whereReadable } from './damage.js';
import type { DiskReader } from './disk-reader.js';
import type { Environment } from './environment.js';
import { BEHIND_ALL } from './message-key.js';

/** Messages of removed channels that one batch deletes: bounds how long it holds up those who wait for it. */
const DELETED_PER_BATCH = 1_000;
/** After a batch that failed the next ones delete so much less, as on a full disk only a small one finds room. */
const LESS_AFTER_FAILURE = 32;

/**
 * Takes channels off the disk. The name goes with the next batch; the messages, which may be many, follow in steps, also
 * after a restart in between.
 */
export class RemovedChannels implements Participant {
  lastBatch: Batch | undefined = undefined;
  /** names that wait for a commit, with their channels' numbers */
  private readonly leaving = new Map<number, string>();
  /** numbers whose names are gone from disk */
  private numbers: number[];
  private step = DELETED_PER_BATCH;

  constructor(
    private readonly env: Environment,
    private readonly around: { readonly index: ChannelIndex; readonly disk: DiskReader; readonly queue: CommitQueue },
  ) {
    this.numbers = this.numbersOnDisk();
  }

  remove(name: string, number: number): void {
    const { index, queue } = this.around;
    const batch = queue.batchFor(this);
    this.leaving.set(number, name);
    index.remove(batch, name, number);
    const settle = () => {
      this.leaving.delete(number);
      index.settleRemoval(batch, name);
      this.numbers.push(number);
      queue.openBatch();
    };
    queue.wait({ settle, fail: () => {} });
  }

  rollBack(): void {
    this.step = Math.max(1, Math.floor(this.step / LESS_AFTER_FAILURE));
    this.numbers = this.numbersOnDisk();
    for (const [number, name] of this.leaving) this.remove(name, number);
  }

  /** Adds the next step to a batch that is about to be written. */
  addStep(batch: Batch): void {
    if (this.isUnderWay) {
      batch.take(this);
      batch.waiting.push({ settle: () => this.grow(), fail: () => {} });
    }
    for (let { step: left } = this; left > 0 && this.numbers.length > 0; left--) {
      const number = this.numbers[0] as number;
      // What cannot be read stays, and is forgotten.
      const positions = whereReadable(() => this.around.disk.positions(number, BEHIND_ALL, left), []);
      for (const position of positions) batch.deleteMessage(number, position);
      if (positions.length === left) return;
      left -= positions.length;
      this.numbers.shift();
      const key = removedKey(number);
      batch.write((env) => env.removed.remove(key), key.length);
    }
  }

  /** Whether another batch is wanted for it. */
  get isUnderWay(): boolean {
    return this.numbers.length > 0;
  }

  /** Whether anything that was removed still takes room on disk. */
  get isMakingRoom(): boolean {
    return this.isUnderWay || this.leaving.size > 0;
  }

  private grow(): void {
    this.step = Math.min(2 * this.step, DELETED_PER_BATCH);
  }

  private numbersOnDisk(): number[] {
    return whereReadable(
      () => this.env.reading(() => Array.from(this.env.keys(this.env.removed, {}), (key) => key.readUIntBE(0, 6))),
      [],
    );
  }
}
