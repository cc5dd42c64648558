/** How much load a turn may give at most, whichever end comes first. */
export interface LoadBounds {
  readonly messages: number;
  readonly seconds: number;
}

/** Spends a turn's bounds message by message. */
export class Budget {
  private left: number;
  private readonly deadline: number;

  /** The time begins now. */
  constructor({ messages, seconds }: LoadBounds) {
    this.left = messages;
    this.deadline = performance.now() + seconds * 1000;
  }

  /** True when one more message, or `count` of them, may be sent; they count as sent then. */
  take(count = 1): boolean {
    if (this.isSpent) return false;
    this.left -= count;
    return true;
  }

  get isSpent(): boolean {
    return this.left <= 0 || performance.now() >= this.deadline;
  }
}
