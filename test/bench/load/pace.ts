import type { Budget } from './budget.js';
import { Fifo } from './fifo.js';

/** Decides when the next message may be sent. */
export interface Pace {
  /** @returns the time (ms) from which the message's latency counts; undefined: not now */
  next(inFlight: number): number | undefined;
  /** True when no message will be sent any more. */
  readonly isOver: boolean;
}

/** As many at a time as `window` allows: the next goes out when one has come back. Shows what the server can do. */
export class ClosedLoop implements Pace {
  constructor(
    private readonly budget: Budget,
    private readonly window: number,
  ) {}

  next(inFlight: number): number | undefined {
    return inFlight < this.window && this.budget.take() ? performance.now() : undefined;
  }

  get isOver(): boolean {
    return this.budget.isSpent;
  }
}

/** So many a second, whether or not the earlier ones have come back. Shows how long a message takes at a given load. */
export class FixedRate implements Pace {
  private readonly start = performance.now();
  private readonly due = new Fifo<number>();
  private issued = 0;

  /** @param rate messages a second */
  constructor(
    private readonly budget: Budget,
    private readonly rate: number,
  ) {}

  /**
   * Call about once a ms: what has become due since then may go out. It counts from now on, also while it waits for a
   * device: a server that falls behind must not stop the clock (coordinated omission).
   */
  tick(): void {
    const now = performance.now();
    const total = ((now - this.start) * this.rate) / 1000;
    while (this.issued < total && this.budget.take()) {
      this.issued++;
      this.due.push(now);
    }
  }

  next(): number | undefined {
    return this.due.shift();
  }

  get isOver(): boolean {
    return this.due.length === 0 && this.budget.isSpent;
  }
}
