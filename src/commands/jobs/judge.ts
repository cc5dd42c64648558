import { canariesOf, type JobPlan } from './plan.js';
import {
  endedOf,
  failuresOf,
  inFlightOf,
  type JobProgress,
  type JobState,
  type StopCause,
  successesOf,
} from './progress.js';

/** What follows by itself from how far a job is: its end, a stop, or the stage behind the canaries. @param now unix ms */
export function judge(progress: JobProgress, plan: JobPlan, now: number): JobProgress {
  const { state } = progress;
  if (state.is !== 'RUNNING' && state.is !== 'PAUSED') return progress;
  if (hasAllEnded(progress)) return { ...progress, state: { is: 'DONE', at: now } };
  if (state.is === 'PAUSED') return progress;
  return progress.stage === 'canary' ? judgeCanaries(progress, plan, now) : judgeFailures(progress, plan, now);
}

function hasAllEnded(progress: JobProgress): boolean {
  const { stage, next, claimed, total } = progress;
  return stage !== 'selecting' && next === total && claimed === total && inFlightOf(progress) === 0;
}

function judgeCanaries(progress: JobProgress, plan: JobPlan, now: number): JobProgress {
  const canaries = canariesOf(plan, progress.total);
  const successes = successesOf(progress);
  if (successes === canaries && progress.next === canaries) {
    return judgeFailures({ ...progress, stage: 'rollout' }, plan, now);
  }
  if (endedOf(progress) > successes) return stopped(progress, 'canary_failed', now);
  if (progress.next < canaries) return progress;
  const { canaryUntil = now + (plan.limits.canary?.withinMs ?? 0) } = progress;
  return now < canaryUntil ? { ...progress, canaryUntil } : stopped(progress, 'canary_late', now);
}

function judgeFailures(progress: JobProgress, { limits: { stop } }: JobPlan, now: number): JobProgress {
  if (!stop) return progress;
  const failures = failuresOf(progress) - progress.forgiven.failures;
  const judged = failures + successesOf(progress) - progress.forgiven.successes;
  const isTooMany = stop.count !== undefined && failures >= stop.count;
  const isTooGreat =
    stop.percent !== undefined && judged >= stop.atLeast && failures > 0 && failures * 100 >= stop.percent * judged;
  return isTooMany || isTooGreat ? stopped(progress, 'failures', now) : progress;
}

function stopped(progress: JobProgress, cause: StopCause, now: number): JobProgress {
  const state: JobState = { is: 'STOPPED', at: now, cause };
  return { ...progress, state, withdrawn: 0 };
}
