import type { Cause } from '../cause.js';
import type { TimerPlan } from '../running/effects.js';
import type { WrittenInput } from '../running/turn-input.js';

/** A timer as it is kept. Times are unix ms of the hub's steady time. */
export interface TimerRecord extends Pick<TimerPlan, 'everyMs' | 'missed' | 'data'> {
  readonly dueAt: number;
  readonly cause: Cause;
}

/** An item of the outbox as it is kept. */
export interface OutboxRecord {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly data: unknown;
  readonly cause: Cause;
}

/** The attempts of a turn that is to be tried again. */
export interface AttemptsRecord {
  /** attempts that failed; one during which the hub's process ended is among them as far as it is known */
  readonly failures: number;
  /** not before, unix ms of the hub's steady time */
  readonly retryAt: number;
  /**
   * The hub's process ended while it was open: `shared`, with others of which each may be why, or `alone`, with nothing
   * beside it that was under suspicion. Left out: it did not.
   */
  readonly suspicion?: Suspicion;
}

export type Suspicion = 'shared' | 'alone';

/** What is known of a plugin's turns that are open, in case the hub's process ends. */
export interface RunRecord {
  /** turns that were written down before they began; some may have ended */
  readonly open: readonly string[];
  /** true: it is one, and was under suspicion already */
  readonly isTrial: boolean;
}

/** A turn that was given up for good, as it is kept. */
export interface LetterRecord {
  readonly id: string;
  /** unix ms at which it was given up the last time */
  readonly at: number;
  readonly handler: string;
  /** of the logic server that gave it up */
  readonly version: string;
  readonly input: WrittenInput;
  /** turns behind the one that caused it */
  readonly depth: number;
  /** what went wrong at the last attempt */
  readonly error: string;
  /** attempts, those by hand included */
  readonly attempts: number;
}
