import type { Clock } from '../../channels/clock.js';
import type { Commits } from '../../channels/commits.js';
import type { FaultLog } from '../../channels/fault-log.js';
import type { RecordChange } from '../../engine/engine.js';
import type { Commands } from '../commands.js';
import type { JobFact } from './advance.js';
import type { Job } from './job-records.js';

/** What the jobs of a hub share. */
export interface JobParts {
  readonly commits: Commits;
  readonly commands: Commands;
  readonly clock: Clock;
  readonly faults: FaultLog;
}

/** What a step needs of the job that it is taken for. */
export interface JobAtWork {
  readonly id: string;
  readonly parts: JobParts;
  /** The job as it was last committed; undefined: it is not kept any more. */
  load(): Promise<Job | undefined>;
  /** Commits a fact together with the records that belong to it. */
  note(job: Job, fact: JobFact, records?: readonly RecordChange[]): Promise<Job>;
}
