import type { Command } from './command.js';

/**
 * What whoever reported a fact is to be told:
 * `done` it was taken, or there was nothing to take; `repeated` it had been said before; `late` it was taken although the
 * lock was lost or the time was up; `lock_lost` another lease holds the command, or none; `gone` it was canceled, it
 * expired, or the late window is over; `conflict` the state does not allow it.
 */
export type Verdict = 'done' | 'repeated' | 'late' | 'lock_lost' | 'gone' | 'conflict';

/** The command after a fact: the same object when nothing changed. */
export interface Step {
  readonly command: Command;
  readonly verdict: Verdict;
}

/** Nothing changes, and nobody has to know. */
export function stay(command: Command): Step {
  return { command, verdict: 'done' };
}

/** Nothing changes, and whoever reported it is told why. */
export function notNow(command: Command, verdict: Verdict): Step {
  return { command, verdict };
}
