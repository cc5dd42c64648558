import { assertNever } from '../../channels/assert-never.js';
import { judge } from './judge.js';
import type { JobPlan } from './plan.js';
import { failuresOf, type JobProgress, successesOf } from './progress.js';

/** What an operator asks of a job. */
export type JobRequest = 'pause' | 'resume' | 'cancel';

export interface Requested {
  readonly progress: JobProgress;
  /** `repeated`: it was so already; `conflict`: its state does not allow it */
  readonly verdict: 'done' | 'repeated' | 'conflict';
}

/** The job after an operator's request. @param now unix ms */
export function request(progress: JobProgress, asked: JobRequest, plan: JobPlan, now: number): Requested {
  switch (asked) {
    case 'pause':
      return pause(progress, now);
    case 'resume':
      return resume(progress, plan, now);
    case 'cancel':
      return cancel(progress, now);
    default:
      return assertNever(asked);
  }
}

function pause(progress: JobProgress, now: number): Requested {
  if (progress.state.is === 'PAUSED') return { progress, verdict: 'repeated' };
  if (progress.state.is !== 'RUNNING') return { progress, verdict: 'conflict' };
  return { progress: { ...progress, state: { is: 'PAUSED', at: now } }, verdict: 'done' };
}

function resume(progress: JobProgress, plan: JobPlan, now: number): Requested {
  const { state } = progress;
  if (state.is === 'RUNNING') return { progress, verdict: 'repeated' };
  if (state.is !== 'PAUSED' && state.is !== 'STOPPED') return { progress, verdict: 'conflict' };
  const going = state.is === 'STOPPED' ? forgive(progress) : giveCanariesTime(progress, plan, now);
  return { progress: judge({ ...going, state: { is: 'RUNNING' } }, plan, now), verdict: 'done' };
}

/** Whoever resumes a stopped job has seen what failed: it goes on with all other devices, and counts failures anew. */
function forgive(progress: JobProgress): JobProgress {
  const forgiven = { failures: failuresOf(progress), successes: successesOf(progress) };
  return { ...progress, forgiven, stage: 'rollout' };
}

/** The time of a pause is not the canaries' time. */
function giveCanariesTime(progress: JobProgress, { limits: { canary } }: JobPlan, now: number): JobProgress {
  if (!canary || progress.canaryUntil === undefined) return progress;
  return { ...progress, canaryUntil: now + canary.withinMs };
}

function cancel(progress: JobProgress, now: number): Requested {
  if (progress.state.is === 'CANCELED') return { progress, verdict: 'repeated' };
  if (progress.state.is === 'DONE') return { progress, verdict: 'conflict' };
  const state = { is: 'CANCELED', at: now, cause: 'canceled' } as const;
  return { progress: { ...progress, state, withdrawn: 0 }, verdict: 'done' };
}
