import { type SchedulerAction, Subscription } from 'rxjs';
import type { Clock } from '../../channels/clock.js';
import type { LogicClock } from '../../plugin/logic-clock.js';

/** What Node's timers take at most. */
const LONGEST_MS = 2 ** 31 - 1;

type Work<T> = (this: SchedulerAction<T>, state?: T) => void;

/** The hub's clock as a scheduler of RxJS. */
export class PipelineClock implements LogicClock {
  constructor(private readonly clock: Clock) {}

  now(): number {
    return this.clock.now();
  }

  schedule<T>(work: Work<T>, delay = 0, state?: T): Subscription {
    return new ClockAction(this.clock, work).schedule(state, delay);
  }
}

/** One piece of work, which may schedule itself again. */
class ClockAction<T> extends Subscription implements SchedulerAction<T> {
  private stopWaiting = () => {};

  constructor(
    private readonly clock: Clock,
    private readonly work: Work<T>,
  ) {
    super(() => this.stopWaiting());
  }

  schedule(state?: T, delay = 0): Subscription {
    if (!this.closed) this.wait(state, Math.max(delay, 1));
    return this;
  }

  private wait(state: T | undefined, ms: number): void {
    this.stopWaiting();
    const first = Math.min(ms, LONGEST_MS);
    this.stopWaiting = this.clock.every(first, () => {
      this.stopWaiting();
      if (ms > first) this.wait(state, ms - first);
      else this.work(state);
    });
  }
}
