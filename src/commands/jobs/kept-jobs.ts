import { HubError } from '../../channels/hub-error.js';
import type { CommandRules } from '../command-rules.js';

/** Which jobs there are, in the order in which they were made, and when those that are over ended. */
export class KeptJobs {
  /** unix ms; undefined: it is not over */
  private readonly endedAt = new Map<string, number | undefined>();

  constructor(private readonly rules: CommandRules) {}

  /** jobs that are not over */
  get unfinished(): number {
    let count = 0;
    for (const at of this.endedAt.values()) if (at === undefined) count++;
    return count;
  }

  set(id: string, endedAt?: number): void {
    this.endedAt.set(id, endedAt);
  }

  remove(id: string): void {
    this.endedAt.delete(id);
  }

  /** @throws HubError `job_limit` */
  checkRoom(): void {
    const { maxRunningJobs } = this.rules;
    const { unfinished } = this;
    if (unfinished < maxRunningJobs) return;
    throw new HubError(
      'job_limit',
      `${unfinished} jobs are not over, as many as devices.max_running_jobs allows. Wait for one to be done, cancel one that ` +
        'is paused or stopped, or raise the limit.',
    );
  }

  /** The first job that is no longer to be kept: its time is over, or there are too many. @param now unix ms */
  firstToForget(now: number): string | undefined {
    const isTooMany = this.endedAt.size > this.rules.maxJobs;
    for (const [id, at] of this.endedAt) {
      if (at !== undefined && (isTooMany || at + this.rules.retentionMs <= now)) return id;
    }
    return undefined;
  }
}
