/** A channel's newest messages in memory, which can be read from disk as well. */
export interface Tail {
  /** it was appended to since it was last looked at */
  isHot: boolean;
  /** what its messages are counted with */
  readonly tailBytes: number;
  /** Gives its memory back. False when it must not: something of it is not on disk yet. */
  cool(): boolean;
}

/** Tails looked at for one append: bounds what it costs when many of them cannot go. */
const MAX_LOOKS = 8;

/**
 * Bounds what the newest messages of all channels take in memory. Tails that nothing was appended to since the last look
 * go first (the clock algorithm: no list has to be put in order with each append).
 */
export class HotTails {
  private readonly tails = new Set<Tail>();
  private bytes = 0;

  /** @param budget bytes that are free for tails now */
  constructor(private readonly budget: () => number) {}

  /** bytes of all tails */
  get size(): number {
    return this.bytes;
  }

  /** Notes that a tail grew by a message of that many bytes. */
  grow(tail: Tail, bytes: number): void {
    this.bytes += bytes;
    if (!tail.isHot) {
      tail.isHot = true;
      this.tails.add(tail);
    }
    if (this.bytes > this.budget()) this.shrink();
  }

  /** Notes that messages of a tail went. */
  gave(bytes: number): void {
    this.bytes -= bytes;
  }

  /** Notes that a tail is gone altogether. */
  forget(tail: Tail): void {
    if (this.tails.delete(tail)) this.bytes -= tail.tailBytes;
  }

  private shrink(): void {
    let looks = 0;
    for (const tail of this.tails) {
      if (this.bytes <= this.budget() || looks++ >= MAX_LOOKS) return;
      const { isHot, tailBytes } = tail;
      this.tails.delete(tail);
      tail.isHot = false;
      if (!isHot && tail.cool()) this.bytes -= tailBytes;
      else this.tails.add(tail);
    }
  }
}
