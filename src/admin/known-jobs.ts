import type { Job } from '../commands/jobs/job-records.js';
import { viewJob, viewProgress } from '../commands/jobs/job-view.js';
import type { AdminParts } from './admin-parts.js';
import type { JobDetail, JobPage, JobPageQuery, JobSummary } from './job.dto.js';

/** The jobs as the admin API shows them. */
export class KnownJobs {
  constructor(readonly jobs: AdminParts['jobs']) {}

  async page({ state, after, limit }: JobPageQuery): Promise<JobPage> {
    const found = await this.jobs.list({
      limit,
      ...(state !== undefined && { state }),
      ...(after !== undefined && { before: after }),
    });
    const next = found.length === limit ? found.at(-1)?.plan.id : undefined;
    return { jobs: found.map(summaryOf), next: next ?? null };
  }

  /** @throws HubError `job_not_found` */
  async detail(id: string): Promise<JobDetail> {
    const job = await this.jobs.find(id);
    return { href: hrefOf(job), ...viewJob(job) };
  }
}

function summaryOf(job: Job): JobSummary {
  return { href: hrefOf(job), ...viewProgress(job) };
}

function hrefOf({ plan }: Job): string {
  return `/admin/jobs/${plan.id}`;
}
