import type { Batch } from './batch.js';
import type { ChannelIndex } from './channel-index.js';

/** How many channels there are. */
export class ChannelCount {
  /** open ones that the disk does not know */
  unstored = 0;

  /** @param stored those that the disk knows, or will when all that waits is committed */
  constructor(public stored: number) {}

  get all(): number {
    return this.stored + this.unstored;
  }

  /** An open channel goes to disk, or is not there any more. */
  store(channels: 1 | -1): void {
    this.stored += channels;
    this.unstored -= channels;
  }
}

/** What the entries of all channels share. */
export interface EntrySurroundings {
  readonly index: ChannelIndex;
  /** a number that no channel ever had */
  nextNumber(): number;
  readonly count: ChannelCount;
  /** hears that the disk knows a channel from now on */
  written(name: string): void;
}

/** A channel's own line on disk: its number, by which its messages are found, and its notes. */
export class ChannelEntry {
  /** 0: it never had one */
  number: number;
  notes: string | undefined;
  /** the disk knows the channel, or a batch that waits will tell it */
  isStored: boolean;
  /** the batch that tells the disk of the channel, and the one that brings the notes */
  private madeWith: Batch | undefined = undefined;
  private notedWith: Batch | undefined = undefined;

  constructor(
    private readonly around: EntrySurroundings,
    private readonly name: string,
  ) {
    const found = around.index.find(name);
    this.number = found?.number ?? 0;
    this.notes = found?.notes;
    this.isStored = found !== undefined;
  }

  /** The disk knows the channel already. */
  get isOnDisk(): boolean {
    return this.isStored && (this.madeWith === undefined || this.madeWith.isDone);
  }

  /** Tells the disk of the channel, when that has not happened. */
  make(batch: () => Batch): void {
    if (this.isStored) return;
    this.isStored = true;
    if (this.number === 0) this.number = this.around.nextNumber();
    this.around.count.store(1);
    this.madeWith = batch();
    this.put(this.madeWith);
    this.madeWith.waiting.push({ settle: () => this.around.written(this.name), fail: () => {} });
  }

  note(notes: string, batch: () => Batch): void {
    this.notes = notes;
    if (!this.isStored) return this.make(batch);
    this.notedWith = batch();
    this.put(this.notedWith);
  }

  /** Notes that the channel is gone. */
  leave(): void {
    if (this.isStored) this.around.count.store(-1);
    this.isStored = false;
  }

  /**
   * The batches that wait are lost.
   * @param isNeeded the channel has messages that it must be found for
   */
  rollBack(isNeeded: boolean, batch: () => Batch): void {
    const wasMade = this.madeWith === undefined || this.madeWith.isDone;
    const wasNoted = this.notedWith === undefined || this.notedWith.isDone;
    if (!wasMade) this.leave();
    this.madeWith = undefined;
    this.notedWith = undefined;
    if (wasMade ? !wasNoted : isNeeded || this.notes !== undefined) this.note(this.notes ?? '', batch);
  }

  private put(batch: Batch): void {
    this.around.index.put(batch, this.name, { number: this.number, notes: this.notes });
  }
}
