import type { SchedulerLike } from 'rxjs';

/**
 * The hub's time for a pipeline: a scheduler for every operator that waits, as in `debounceTime(60_000, clock)`, and
 * `clock.now()` in unix ms. With it a test runs hours in a moment.
 */
export type LogicClock = SchedulerLike;
