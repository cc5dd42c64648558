import { assertNever } from '../../channels/assert-never.js';
import { judge } from './judge.js';
import type { JobPlan } from './plan.js';
import type { DeviceEnd, JobProgress } from './progress.js';

/** Something that happened to a job. */
export type JobFact =
  /** so many devices more were found; `cursor` undefined: these were all */
  | { readonly is: 'selected'; readonly devices: number; readonly cursor: string | undefined }
  | { readonly is: 'too_many_devices' }
  /** so many devices more are about to be sent their commands; 0: those that were claimed before are */
  | { readonly is: 'claimed'; readonly count: number }
  /** of the claimed ones so many have their command or refused it; the others never will be sent it */
  | { readonly is: 'sent'; readonly handled: number; readonly refused: number }
  /** commands told how they ended */
  | { readonly is: 'told'; readonly moves: readonly Move[] }
  /** the devices below `upTo` were looked at for commands to take back */
  | { readonly is: 'withdrawn'; readonly upTo: number }
  /** nobody resumed it for as long as it may be paused or stopped */
  | { readonly is: 'abandoned' }
  | { readonly is: 'time' };

/** A device's end that is counted anew: `from` undefined when it had none, `to` when it has a second life. */
export interface Move {
  readonly from: DeviceEnd | undefined;
  readonly to: DeviceEnd | undefined;
}

/** The job after a fact, and after what follows from it: a stop, the next stage, its end. @param now unix ms */
export function advance(progress: JobProgress, fact: JobFact, plan: JobPlan, now: number): JobProgress {
  return judge(afterFact(progress, fact, plan, now), plan, now);
}

function afterFact(progress: JobProgress, fact: JobFact, plan: JobPlan, now: number): JobProgress {
  switch (fact.is) {
    case 'selected':
      return afterSelection(progress, fact.devices, fact.cursor);
    case 'too_many_devices':
      return { ...progress, state: { is: 'CANCELED', at: now, cause: 'too_many_devices' } };
    case 'claimed':
      return claim(progress, fact.count, plan, now);
    case 'sent':
      return settle(progress, fact.handled, fact.refused, plan, now);
    case 'told':
      return { ...progress, ended: recount(progress.ended, fact.moves) };
    case 'withdrawn':
      return { ...progress, withdrawn: fact.upTo };
    case 'abandoned':
      return { ...progress, state: { is: 'CANCELED', at: now, cause: 'abandoned' }, withdrawn: 0 };
    case 'time':
      return progress;
    default:
      return assertNever(fact);
  }
}

function afterSelection(progress: JobProgress, devices: number, cursor: string | undefined): JobProgress {
  const total = progress.total + devices;
  if (cursor !== undefined) return { ...progress, total, cursor };
  return { ...progress, total, cursor: '', stage: 'canary' };
}

/**
 * Takes from what the pace allows before anything is sent: a crash in between costs time and never exceeds the rate.
 * What was claimed before it is all that is sent now.
 */
function claim(progress: JobProgress, count: number, { limits }: JobPlan, now: number): JobProgress {
  const left = count === 0 ? 0 : paceLeft(progress, limits.pace, now) - count;
  const pace = { left, until: now + limits.pace.everyMs };
  return { ...progress, claimed: progress.claimed + count, pace };
}

/** How many commands the pace allows at this moment. */
export function paceLeft({ pace }: JobProgress, { count, everyMs }: JobPlan['limits']['pace'], now: number): number {
  // Further away than it can be: the clock was set back.
  const isOver = now >= pace.until || pace.until - now > everyMs;
  return isOver ? count : pace.left;
}

function settle(
  progress: JobProgress,
  handled: number,
  refused: number,
  { limits }: JobPlan,
  now: number,
): JobProgress {
  const refusals = Array<Move>(refused).fill({ from: undefined, to: 'REFUSED' });
  return {
    ...progress,
    next: progress.claimed,
    handled: progress.handled + handled,
    ended: recount(progress.ended, refusals),
    pace: { ...progress.pace, until: now + limits.pace.everyMs },
  };
}

function recount(ended: JobProgress['ended'], moves: readonly Move[]): JobProgress['ended'] {
  const counts = { ...ended };
  for (const { from, to } of moves) {
    if (from !== undefined) counts[from] = (counts[from] ?? 0) - 1;
    if (to !== undefined) counts[to] = (counts[to] ?? 0) + 1;
  }
  return counts;
}
