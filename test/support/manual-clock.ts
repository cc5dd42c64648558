import { VirtualClock } from '../../src/testing/time/virtual-clock.js';

/** Time that stands still until a test moves it, and moves at once. */
export class ManualClock extends VirtualClock {
  /** As in production no tick is left out, also one that would find nothing to do. */
  override every(periodMs: number, tick: () => void): () => void {
    return super.every(periodMs, tick);
  }

  /** Lets `ms` pass; every ticker ticks as often as it would have. */
  advance(ms: number): void {
    const end = this.uptime() + ms;
    while (this.step(end));
  }
}
