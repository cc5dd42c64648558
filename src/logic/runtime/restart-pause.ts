import type { Clock } from '../../channels/clock.js';
import type { LogicLimits } from '../logic-limits.js';

/** How long to wait before something that ended is started again: longer each time, as long as it does not last. */
export class RestartPause {
  private pauseMs: number;
  /** ms of Clock.uptime; undefined: it does not run */
  private startedAt: number | undefined;

  constructor(
    private readonly limits: Pick<LogicLimits, 'firstPauseMs' | 'longestPauseMs'>,
    private readonly clock: Pick<Clock, 'uptime'>,
  ) {
    this.pauseMs = limits.firstPauseMs;
  }

  /** It runs. */
  started(): void {
    this.startedAt = this.clock.uptime();
  }

  /** It has ended. @returns ms */
  next(): number {
    const { firstPauseMs, longestPauseMs } = this.limits;
    // It ran well for long enough: what ended it is something new.
    const hasLasted = this.startedAt !== undefined && this.clock.uptime() - this.startedAt > longestPauseMs;
    if (hasLasted) this.pauseMs = firstPauseMs;
    this.startedAt = undefined;
    const pauseMs = this.pauseMs;
    this.pauseMs = Math.min(pauseMs * 2, longestPauseMs);
    return pauseMs;
  }
}
