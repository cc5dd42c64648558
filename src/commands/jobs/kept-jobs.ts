import { HubError } from '../../channels/hub-error.js';
import type { CommandRules } from '../command-rules.js';
import { type JobProgress, type JobState, overSince, unsentOf } from './progress.js';

/** What operators want to know of all jobs together. */
export interface JobFigures {
  readonly running: number;
  readonly paused: number;
  readonly stopped: number;
  /** jobs that are over and still kept */
  readonly over: number;
  /** devices that jobs which are not over have not sent their command yet */
  readonly devicesWaiting: number;
}

interface KeptJob {
  readonly is: JobState['is'];
  /** unix ms; undefined: it is not over */
  readonly endedAt: number | undefined;
  readonly waiting: number;
}

/** Which jobs there are, in the order in which they were made, and how far they are. At most `maxJobs`, and those not over. */
export class KeptJobs {
  private readonly jobs = new Map<string, KeptJob>();

  constructor(private readonly rules: CommandRules) {}

  /** jobs that are not over */
  get unfinished(): number {
    let count = 0;
    for (const { endedAt } of this.jobs.values()) if (endedAt === undefined) count++;
    return count;
  }

  get figures(): JobFigures {
    const jobs = [...this.jobs.values()];
    const of = (state: JobState['is']) => jobs.filter(({ is }) => is === state).length;
    return {
      running: of('RUNNING'),
      paused: of('PAUSED'),
      stopped: of('STOPPED'),
      over: of('CANCELED') + of('DONE'),
      devicesWaiting: jobs.reduce((sum, { endedAt, waiting }) => sum + (endedAt === undefined ? waiting : 0), 0),
    };
  }

  has(id: string): boolean {
    return this.jobs.has(id);
  }

  set(id: string, progress: JobProgress): void {
    this.jobs.set(id, { is: progress.state.is, endedAt: overSince(progress), waiting: unsentOf(progress) });
  }

  remove(id: string): void {
    this.jobs.delete(id);
  }

  /** @throws HubError `job_limit` */
  checkRoom(): void {
    const { maxRunningJobs } = this.rules;
    const { unfinished } = this;
    if (unfinished < maxRunningJobs) return;
    throw new HubError(
      'job_limit',
      `${unfinished} jobs are not over, as many as devices.max_running_jobs allows. Wait for one to be done, cancel one that ` +
        'is paused or stopped (after devices.max_job_pause that happens by itself), or raise the limit.',
    );
  }

  /** unix ms at which one is no longer to be kept; Infinity: none is over */
  get nextToForgetAt(): number {
    const isTooMany = this.jobs.size > this.rules.maxJobs;
    let next = Number.POSITIVE_INFINITY;
    for (const { endedAt } of this.jobs.values()) {
      if (endedAt !== undefined) next = Math.min(next, isTooMany ? 0 : endedAt + this.rules.retentionMs);
    }
    return next;
  }

  /** The first job that is no longer to be kept: its time is over, or there are too many. @param now unix ms */
  firstToForget(now: number): string | undefined {
    const isTooMany = this.jobs.size > this.rules.maxJobs;
    for (const [id, { endedAt }] of this.jobs) {
      if (endedAt !== undefined && (isTooMany || endedAt + this.rules.retentionMs <= now)) return id;
    }
    return undefined;
  }
}
