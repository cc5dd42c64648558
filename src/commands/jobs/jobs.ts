import { uptimeAt } from '../../channels/clock.js';
import { HubError } from '../../channels/hub-error.js';
import { andThen } from '../../channels/maybe-promise.js';
import { readAll } from '../../devices/registry/read-all.js';
import type { MessageChange, RecordChange } from '../../engine/engine.js';
import type { MaybePromise } from '../../engine/message-log.js';
import { uniqueIds } from '../command-ids.js';
import { keyChanges, madeBefore } from '../idempotency.js';
import { JOB_KEYS, JOB_NEWS, JOB_STATES, jobPlaceOf, rangeOf } from '../store/tables.js';
import { Turns } from '../turns.js';
import { digestOf, type JobDraft } from './draft-job.js';
import { forgetJob } from './forget-job.js';
import type { JobParts } from './job-at-work.js';
import { type Job, progressChange, readDevices, readJob, type StoredDevice } from './job-records.js';
import { progressMessage } from './job-view.js';
import { type JobFigures, KeptJobs } from './kept-jobs.js';
import { newRecords, planOf } from './new-job.js';
import { jobNotFound, OpenJob } from './open-job.js';
import { BEGUN, type JobProgress, type JobState } from './progress.js';
import { type JobRequest, type Requested, request } from './request.js';

export interface MadeJob {
  readonly job: Job;
  /** true: its Idempotency-Key had made it before */
  readonly isRepeated: boolean;
}

/** A new job, or a change of one, that somebody else commits together with what belongs to it. */
export interface PreparedJob {
  readonly records: readonly RecordChange[];
  readonly messages: readonly MessageChange[];
  /** It is committed, and the job goes on from there. */
  committed(): void;
  /** It is not, and a new one leaves its place. */
  dropped(): void;
}

/** How often jobs look whether the pace, a canary's time or a command's end lets them go on. */
const ROUND_MS = 100;

/** Jobs: one command for many devices, at a pace, canaries first, stopped when too much fails. */
export class Jobs {
  private readonly nextId = uniqueIds();
  private readonly making = new Turns();
  /** those that have something to do or wait for it */
  private readonly open = new Map<string, OpenJob>();
  private readonly kept: KeptJobs;
  private isForgetting = false;

  constructor(private readonly parts: JobParts) {
    this.kept = new KeptJobs(parts.commands.rules);
    parts.commands.onJobNews((id) => {
      this.opened(id).hasNews = true;
    });
  }

  /** Goes on with the jobs that are there. Returns what ends it, after the steps that are under way. */
  async start(): Promise<() => Promise<void>> {
    await this.load();
    const stopTicking = this.parts.clock.every(
      ROUND_MS,
      () => void this.round(),
      () => this.nextRoundAt,
    );
    return async () => {
      stopTicking();
      await Promise.all(Array.from(this.open.values(), (job) => job.stop()));
    };
  }

  /** ms of uptime before which a round finds nothing to do; 0 while a job is open */
  private get nextRoundAt(): number {
    if (this.open.size > 0 || this.isForgetting) return 0;
    return uptimeAt(this.parts.clock, this.kept.nextToForgetAt);
  }

  /** Does what is to be done at this moment. */
  async round(): Promise<void> {
    const jobs = [...this.open.values()];
    await Promise.all(jobs.map((job) => job.work()));
    for (const job of jobs) if (job.isClosable) this.open.delete(job.id);
    await this.forget();
  }

  /**
   * Makes a job, which begins at once.
   * @param idempotencyKey the same key with the same draft gives the job that it made before
   * @throws HubError `idempotency_key_reused`, `job_limit`; EngineError
   */
  create(draft: JobDraft, idempotencyKey?: string): Promise<MadeJob> {
    return Promise.resolve(this.making.run(() => this.make(draft, idempotencyKey)));
  }

  /**
   * A job that is to be committed together with something else. It takes its place at once.
   * @param id one that was never used, or that of the same job
   * @param origin what brought it about, as JSON
   * @throws HubError `job_limit`
   */
  prepare(id: string, draft: JobDraft, origin: string): PreparedJob {
    const isThere = this.kept.has(id);
    if (!isThere) {
      this.kept.checkRoom();
      this.kept.set(id, BEGUN);
    }
    return {
      records: newRecords({ ...planOf(draft, id, this.parts.clock.now()), origin }, draft),
      messages: [],
      committed: () => {
        this.opened(id);
      },
      dropped: () => {
        if (!isThere) this.kept.remove(id);
      },
    };
  }

  /**
   * The cancelling of a job, to be committed together with something else.
   * @param mayCancel told what brought the job about, as JSON
   * @returns undefined: there is no such job, or it is over
   * @throws HubError `not_granted`; EngineError
   */
  prepareCancel(id: string, mayCancel: (origin: string | undefined) => boolean): MaybePromise<PreparedJob | undefined> {
    const { commits, clock, commands } = this.parts;
    return andThen(readJob(commits.engine, id), (job) => {
      if (!job) return undefined;
      if (!mayCancel(job.plan.origin)) {
        throw new HubError(
          'not_granted',
          `Job "${id}" was not started by this plugin, which may cancel its own alone.`,
        );
      }
      const { progress, verdict } = request(job.progress, 'cancel', job.plan, clock.now());
      if (verdict !== 'done') return undefined;
      return {
        records: [progressChange(id, progress, job.revision)],
        messages: [progressMessage({ plan: job.plan, progress }, clock.now(), commands.rules)],
        committed: () => {
          this.kept.set(id, progress);
          this.opened(id).reread();
        },
        dropped: () => {},
      };
    });
  }

  /** @throws HubError `job_not_found`; EngineError */
  async find(id: string): Promise<Job> {
    const job = await readJob(this.parts.commits.engine, id);
    if (job) return job;
    throw jobNotFound(id);
  }

  /**
   * Jobs, the newest first.
   * @param before the id of a page's last one, to go on behind it
   */
  async list(page: { state?: JobState['is']; before?: string; limit: number }): Promise<readonly Job[]> {
    const { engine } = this.parts.commits;
    const found: Job[] = [];
    for (let { before } = page; ; ) {
      const records = await engine.table(JOB_STATES).range({ before, limit: page.limit, reverse: true });
      for (const { key } of records) {
        const job = await readJob(engine, key);
        if (job && (page.state === undefined || job.progress.state.is === page.state)) found.push(job);
        if (found.length === page.limit) return found;
      }
      if (records.length < page.limit) return found;
      before = records.at(-1)?.key;
    }
  }

  /** The devices of a job from a number on. @throws HubError `job_not_found`; EngineError */
  async devices(id: string, from: number, limit: number): Promise<readonly StoredDevice[]> {
    const { progress } = await this.find(id);
    return readDevices(this.parts.commits.engine, id, { from, before: progress.total, limit });
  }

  /** @throws HubError `job_not_found`; EngineError */
  async request(id: string, asked: JobRequest): Promise<{ readonly job: Job; readonly verdict: Requested['verdict'] }> {
    await this.find(id);
    return this.opened(id).request(asked);
  }

  /** Deletes the record of a job that is over. @throws HubError `job_not_found`, `job_conflict`; EngineError */
  async remove(id: string): Promise<void> {
    await this.find(id);
    await this.opened(id).remove();
    this.kept.remove(id);
  }

  /** Of all jobs together. */
  get figures(): JobFigures {
    return this.kept.figures;
  }

  private async make(draft: JobDraft, idempotencyKey: string | undefined): Promise<MadeJob> {
    const { engine } = this.parts.commits;
    const digest = digestOf(draft);
    const now = this.parts.clock.now();
    const record = idempotencyKey === undefined ? undefined : await engine.table(JOB_KEYS).get(idempotencyKey);
    const made = madeBefore(record, digest, now);
    if (made !== undefined) return { job: await this.find(made), isRepeated: true };
    this.kept.checkRoom();
    const plan = planOf(draft, this.nextId(now), now);
    const expiresAt = now + this.parts.commands.rules.idempotencyMs;
    const used = { id: plan.id, digest, expiresAt };
    const keys = idempotencyKey === undefined ? [] : keyChanges(JOB_KEYS, idempotencyKey, used, record);
    const { revision } = await this.parts.commits.commit({ records: [...newRecords(plan, draft), ...keys] });
    this.kept.set(plan.id, BEGUN);
    this.opened(plan.id);
    return { job: { plan, progress: BEGUN, revision }, isRepeated: false };
  }

  private opened(id: string): OpenJob {
    let job = this.open.get(id);
    if (!job) {
      job = new OpenJob(id, { ...this.parts, onProgress: (changed, progress) => this.kept.set(changed, progress) });
      this.open.set(id, job);
    }
    return job;
  }

  /** Reads which jobs there are; nothing happens to them before the next round. */
  async load(): Promise<void> {
    const { engine } = this.parts.commits;
    for await (const { key, value } of readAll(engine.table(JOB_STATES))) {
      const progress = JSON.parse(value) as JobProgress;
      this.kept.set(key, progress);
      // One that was canceled may have commands to take back.
      if (progress.state.is !== 'DONE') this.opened(key);
    }
    // What commands told jobs that are over, without reading all of it.
    for (let from = ''; ; ) {
      const [news] = await engine.table(JOB_NEWS).range({ from, limit: 1 });
      if (!news) return;
      const { id } = jobPlaceOf(news.key);
      this.opened(id);
      from = rangeOf(id).before;
    }
  }

  /** Deletes one job that is no longer to be kept, if there is one. What fails is found again by the next round. */
  private async forget(): Promise<void> {
    const id = this.kept.firstToForget(this.parts.clock.now());
    if (id === undefined || this.isForgetting) return;
    this.isForgetting = true;
    try {
      await forgetJob(this.parts.commits, id);
      this.kept.remove(id);
    } catch (error) {
      this.parts.faults.note(error, { part: 'jobs' });
    } finally {
      this.isForgetting = false;
    }
  }
}
