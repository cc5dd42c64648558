import { HubError } from '../../channels/hub-error.js';
import type { RecordChange } from '../../engine/engine.js';
import { Turns } from '../turns.js';
import { advance, type JobFact } from './advance.js';
import { forgetJob } from './forget-job.js';
import type { JobAtWork, JobParts } from './job-at-work.js';
import { type Job, progressChange, readJob } from './job-records.js';
import { progressMessage } from './job-view.js';
import { heldSince, type JobProgress, overSince } from './progress.js';
import { type JobRequest, type Requested, request } from './request.js';
import { countClaimed, selectMore, sendClaimed, takeBack, takeNews } from './steps.js';
import { nextWork } from './work.js';

export interface OpenJobParts extends JobParts {
  /** Told of every change that is committed. */
  readonly onProgress: (id: string, progress: JobProgress) => void;
}

/** How long a job whose step failed waits for the next one. */
const RETRY_MS = 1_000;

/**
 * A job in memory. Its steps and what is asked of it run one after the other; each decides on what the one before has
 * committed and is one commit against the revision that it read. Its records are all that counts.
 */
export class OpenJob implements JobAtWork {
  /** true: commands may have told it something that it has not taken account of */
  hasNews = true;
  private readonly turns = new Turns();
  /** undefined: to be read */
  private job: Job | undefined;
  private working: Promise<void> | undefined;
  private retryAt = 0;
  private isStopping = false;

  constructor(
    readonly id: string,
    readonly parts: OpenJobParts,
  ) {}

  /** True when nothing is left to do: it can be read anew when something is. */
  get isClosable(): boolean {
    if (this.working || this.hasNews || !this.turns.isIdle) return false;
    if (!this.job) return true;
    const { plan, progress } = this.job;
    return overSince(progress) !== undefined && nextWork(progress, plan, this.parts.clock.now()) === 'nothing';
  }

  async load(): Promise<Job | undefined> {
    this.job ??= await readJob(this.parts.commits.engine, this.id);
    return this.job;
  }

  /** @throws HubError `job_not_found`; EngineError */
  request(asked: JobRequest): Promise<{ readonly job: Job; readonly verdict: Requested['verdict'] }> {
    return this.inTurn(async () => {
      const job = await this.load();
      if (!job) throw jobNotFound(this.id);
      const { progress, verdict } = request(job.progress, asked, job.plan, this.parts.clock.now());
      return { job: verdict === 'done' ? await this.commit(job, progress) : job, verdict };
    });
  }

  /**
   * Deletes all that is kept of it.
   * @throws HubError `job_not_found`, `job_conflict` while it has something to do; EngineError
   */
  remove(): Promise<void> {
    return this.inTurn(async () => {
      const job = await this.load();
      if (!job) throw jobNotFound(this.id);
      const { plan, progress } = job;
      if (overSince(progress) === undefined) throw notOver(job);
      if (nextWork(progress, plan, this.parts.clock.now()) !== 'nothing') throw takesBack(job);
      await forgetJob(this.parts.commits, this.id);
      this.job = undefined;
    });
  }

  /** Somebody else has committed a change of it. A step that is under way meets a conflict, and is taken anew. */
  reread(): void {
    this.job = undefined;
    this.hasNews = true;
  }

  /** Does all that is to be done at this moment, step by step; others have their turn in between. */
  work(): Promise<void> {
    this.working ??= this.workOn().finally(() => {
      this.working = undefined;
    });
    return this.working;
  }

  /** Ends its work after the step that is under way. */
  stop(): Promise<void> {
    this.isStopping = true;
    return this.working ?? Promise.resolve();
  }

  /** Commits a fact together with what belongs to it. */
  note(job: Job, fact: JobFact, records: readonly RecordChange[] = []): Promise<Job> {
    const progress = advance(job.progress, fact, job.plan, this.parts.clock.now());
    // Nobody asks how far a step has got.
    return this.commit(job, progress, records, fact.is !== 'claimed');
  }

  private async workOn(): Promise<void> {
    if (this.parts.clock.uptime() < this.retryAt) return;
    try {
      while (!this.isStopping && (await this.inTurn(() => this.step()))) await nextTurnOfTheLoop();
    } catch (error) {
      this.retryAt = this.parts.clock.uptime() + RETRY_MS;
      this.parts.faults.note(error, { part: 'jobs' });
    }
  }

  /** @returns true when there may be more to do */
  private async step(): Promise<boolean> {
    if (this.hasNews) {
      this.hasNews = false;
      this.hasNews = (await takeNews(this)) || this.hasNews;
      return true;
    }
    const job = await this.load();
    if (!job) return false;
    const work = nextWork(job.progress, job.plan, this.parts.clock.now());
    if (work === 'select') await selectMore(this, job);
    else if (work === 'count') await countClaimed(this, job);
    else if (work === 'withdraw') await takeBack(this, job);
    else if (work !== 'nothing') await sendClaimed(this, await this.note(job, { is: 'claimed', count: work.send }));
    else await this.letTimePass(job);
    return work !== 'nothing' || this.hasNews;
  }

  private async letTimePass(job: Job): Promise<void> {
    const fact = { is: this.isAbandoned(job.progress) ? 'abandoned' : 'time' } as const;
    const progress = advance(job.progress, fact, job.plan, this.parts.clock.now());
    if (progress.state !== job.progress.state) await this.commit(job, progress);
  }

  private isAbandoned(progress: JobProgress): boolean {
    const { clock, commands } = this.parts;
    const since = heldSince(progress);
    return since !== undefined && since + commands.rules.jobPauseMs <= clock.now();
  }

  private async commit(
    { plan, revision }: Job,
    progress: JobProgress,
    records: readonly RecordChange[] = [],
    isTold = true,
  ): Promise<Job> {
    const { commits, clock, commands, onProgress } = this.parts;
    const { id } = this;
    const messages = isTold ? [progressMessage({ plan, progress }, clock.now(), commands.rules)] : [];
    const commit = await commits.commit({ records: [progressChange(id, progress, revision), ...records], messages });
    this.job = { plan, progress, revision: commit.revision };
    onProgress(id, progress);
    return this.job;
  }

  /** After a failure what is in memory may not be what was committed. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = async () => {
      try {
        return await work();
      } catch (error) {
        this.job = undefined;
        this.hasNews = true;
        throw error;
      }
    };
    return Promise.resolve(this.turns.run(turn));
  }
}

export function jobNotFound(id: string): HubError {
  return new HubError(
    'job_not_found',
    `There is no job "${id.slice(0, 40)}": it was never made, it ended longer ago than jobs are kept, or its record was deleted.`,
  );
}

function notOver({ plan, progress }: Job): HubError {
  return new HubError(
    'job_conflict',
    `Job "${plan.id}" is ${progress.state.is} and its record cannot be deleted; cancel it first.`,
  );
}

function takesBack({ plan }: Job): HubError {
  return new HubError(
    'job_conflict',
    `Job "${plan.id}" was canceled and still takes back commands that wait for their devices; delete its record when it has.`,
  );
}

function nextTurnOfTheLoop(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
