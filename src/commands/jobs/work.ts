import { paceLeft } from './advance.js';
import { canariesOf, type JobPlan } from './plan.js';
import type { JobProgress } from './progress.js';

/** What is to be done for a job at this moment. Each is one bounded step. */
export type Work =
  /** look up further devices */
  | 'select'
  /** send the commands of devices that were claimed, and claim as many before; 0: a crash or a fault came between */
  | { readonly send: number }
  /** the job was canceled while devices were claimed: count those that have their command */
  | 'count'
  /** take back commands that still wait for their devices */
  | 'withdraw'
  | 'nothing';

/** Devices that one step sends their commands, or takes them back from. */
export const DEVICES_A_STEP = 50;

/** @param now unix ms */
export function nextWork(progress: JobProgress, plan: JobPlan, now: number): Work {
  const { claimed, next, withdrawn } = progress;
  switch (progress.state.is) {
    case 'RUNNING':
      return workOfRunning(progress, plan, now);
    case 'CANCELED':
      if (claimed > next) return 'count';
      return withdrawn < claimed ? 'withdraw' : 'nothing';
    case 'STOPPED':
      return withdrawn < claimed ? 'withdraw' : 'nothing';
    case 'PAUSED':
    case 'DONE':
      return 'nothing';
  }
}

function workOfRunning(progress: JobProgress, plan: JobPlan, now: number): Work {
  const { stage, claimed, next, total } = progress;
  if (stage === 'selecting') return 'select';
  if (claimed > next) return { send: 0 };
  const left = paceLeft(progress, plan.limits.pace, now);
  const end = stage === 'canary' ? canariesOf(plan, total) : total;
  const count = Math.min(end - claimed, left, DEVICES_A_STEP);
  return count > 0 ? { send: count } : 'nothing';
}
