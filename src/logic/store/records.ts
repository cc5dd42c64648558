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
