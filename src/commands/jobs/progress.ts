import type { EndedState } from '../life/command.js';

/** Whether a job sends. Times are unix ms. */
export type JobState =
  | { readonly is: 'RUNNING' }
  | { readonly is: 'PAUSED'; readonly at: number }
  /** by itself; can be resumed */
  | { readonly is: 'STOPPED'; readonly at: number; readonly cause: StopCause }
  | { readonly is: 'CANCELED'; readonly at: number; readonly cause: CancelCause }
  /** every device has ended */
  | { readonly is: 'DONE'; readonly at: number };

/**
 * `failures`: more than its rule allows; `canary_failed`: a canary did not end well; `canary_late`: not all of them ended
 * in time.
 */
export type StopCause = 'failures' | 'canary_failed' | 'canary_late';

/** `abandoned`: it was paused or stopped for as long as it may be, and nobody resumed it. */
export type CancelCause = 'canceled' | 'too_many_devices' | 'abandoned';

/** How a device of a job ended. `REFUSED`: its queue did not take the command. */
export type DeviceEnd = EndedState['is'] | 'REFUSED';

/** A device of a job. */
export interface JobDevice {
  readonly device: string;
  readonly state: 'WAITING' | 'SENT' | DeviceEnd;
  /** the command that it was sent */
  readonly command?: string;
  /** why it was refused */
  readonly error?: string;
}

/** How far a job is. Never changes; a fact makes the next one. */
export interface JobProgress {
  readonly state: JobState;
  /** first the devices are looked up, then the canaries are sent their commands, then the others */
  readonly stage: 'selecting' | 'canary' | 'rollout';
  /** where the looking up goes on */
  readonly cursor: string;
  /** devices found so far */
  readonly total: number;
  /** the devices below it need nothing more to be sent */
  readonly next: number;
  /** those from `next` up to it are being sent their commands */
  readonly claimed: number;
  /** commands that may still be sent before `until`, unix ms, when there are as many as the pace has */
  readonly pace: { readonly left: number; readonly until: number };
  /** devices below `next` that were sent their command, or refused it */
  readonly handled: number;
  readonly ended: Readonly<Partial<Record<DeviceEnd, number>>>;
  /** unix ms by which the canaries must have ended well; undefined: not all were sent their command */
  readonly canaryUntil?: number;
  /** what was there when the job was resumed after a stop, and counts no more towards the next one */
  readonly forgiven: { readonly failures: number; readonly successes: number };
  /** devices below it were looked at for commands to take back, since the stop or the cancelling */
  readonly withdrawn: number;
}

export const BEGUN: JobProgress = {
  state: { is: 'RUNNING' },
  stage: 'selecting',
  cursor: '',
  total: 0,
  next: 0,
  claimed: 0,
  pace: { left: 0, until: 0 },
  handled: 0,
  ended: {},
  forgiven: { failures: 0, successes: 0 },
  withdrawn: 0,
};

const FAILURES = ['FAILED', 'REJECTED', 'TIMED_OUT', 'DEAD', 'REFUSED'] as const satisfies readonly DeviceEnd[];

export function endedOf({ ended }: JobProgress): number {
  return Object.values(ended).reduce((sum, count) => sum + count, 0);
}

export function successesOf({ ended }: JobProgress): number {
  return ended.SUCCEEDED ?? 0;
}

/** Devices that did not do it; EXPIRED and CANCELED ones were never asked. */
export function failuresOf({ ended }: JobProgress): number {
  return FAILURES.reduce((sum, end) => sum + (ended[end] ?? 0), 0);
}

/** Devices that have their command and have not ended. What is told of a device before it is counted does not make it negative. */
export function inFlightOf(progress: JobProgress): number {
  return Math.max(progress.handled - endedOf(progress), 0);
}

/** Since when the job waits for somebody to resume it, unix ms; undefined: it does not. */
export function heldSince({ state }: JobProgress): number | undefined {
  return state.is === 'PAUSED' || state.is === 'STOPPED' ? state.at : undefined;
}

/** Devices that have not been sent their command, nor refused it. */
export function unsentOf(progress: JobProgress): number {
  return Math.max(progress.total - Math.max(progress.handled, endedOf(progress)), 0);
}

/** Since when the job will never send anything again, unix ms; undefined: it may. */
export function overSince({ state }: JobProgress): number | undefined {
  return state.is === 'CANCELED' || state.is === 'DONE' ? state.at : undefined;
}
