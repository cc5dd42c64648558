import { HubError } from '../../../channels/hub-error.js';
import type { Job } from '../../../commands/jobs/job-records.js';
import { viewJob, viewProgress } from '../../../commands/jobs/job-view.js';
import type { Jobs } from '../../../commands/jobs/jobs.js';
import type { JobState } from '../../../commands/jobs/progress.js';
import type { JobRequest } from '../../../commands/jobs/request.js';
import { answerWith, refuseMethod } from '../../answer-with.js';
import { jsonAnswer, problemAnswer } from '../../answers.js';
import type { Answer, Exchange } from '../../exchange.js';
import type { JobRoute } from '../../job-route.js';
import { oneOf, wholeNumber } from '../asked.js';
import { idempotencyKey } from '../producer.js';
import { devicesPage } from './devices-page.js';
import { jobIn } from './job-in.js';

const MAX_JOBS_A_PAGE = 100;
const JOBS_A_PAGE = 20;
const STATES = ['RUNNING', 'PAUSED', 'STOPPED', 'CANCELED', 'DONE'] as const satisfies readonly JobState['is'][];
const DEEDS: Readonly<Record<JobRequest, string>> = { pause: 'paused', resume: 'resumed', cancel: 'canceled' };
const JOB_ID = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/** /v1/commands…: one command for many devices (docs/commands.md). */
export class JobsApi {
  constructor(private readonly jobs: Jobs) {}

  /** @throws HubError, which is the answer */
  serve(route: JobRoute, exchange: Exchange): void {
    const { method } = exchange;
    switch (route.kind) {
      case 'new-job':
        return method === 'POST' ? answerWith(exchange, this.create(exchange)) : refuseMethod(exchange, 'POST');
      case 'jobs':
        return method === 'GET' ? answerWith(exchange, this.list(exchange)) : refuseMethod(exchange, 'GET');
      case 'job':
        return method === 'GET' ? answerWith(exchange, this.tell(route.id)) : refuseMethod(exchange, 'GET');
      case 'job-devices':
        if (method !== 'GET') return refuseMethod(exchange, 'GET');
        return answerWith(exchange, devicesPage(this.jobs, route.id, exchange.query));
      case 'job-request':
        if (method !== 'POST') return refuseMethod(exchange, 'POST');
        return answerWith(exchange, this.request(route.id, route.asked));
    }
  }

  /** 202 with where it can be looked up. */
  private async create(exchange: Exchange): Promise<Answer> {
    const { job, isRepeated } = await this.jobs.create(jobIn(exchange.body), idempotencyKey(exchange));
    const headers = [['Location', `/v1/commands/jobs/${job.plan.id}`]] as const;
    return jsonAnswer(202, { ...viewProgress(job), ...(isRepeated && { repeated: true }) }, headers);
  }

  /** 200 with a page of jobs, the newest first, and what to ask for the next one with. */
  private async list(exchange: Exchange): Promise<Answer> {
    const query = new URLSearchParams(exchange.query);
    const limit = wholeNumber(query, 'limit', 1, MAX_JOBS_A_PAGE) ?? JOBS_A_PAGE;
    const state = oneOf(query, 'state', STATES);
    const before = cursorIn(query.get('after'));
    const jobs = await this.jobs.list({ limit, ...(state && { state }), ...(before && { before }) });
    const last = jobs.length === limit ? jobs.at(-1)?.plan.id : undefined;
    return jsonAnswer(200, { jobs: jobs.map(viewProgress), next: last ?? null });
  }

  private async tell(id: string): Promise<Answer> {
    return jsonAnswer(200, viewJob(await this.jobs.find(id)));
  }

  private async request(id: string, asked: JobRequest): Promise<Answer> {
    const { job, verdict } = await this.jobs.request(id, asked);
    if (verdict !== 'conflict') return jsonAnswer(200, viewProgress(job));
    return problemAnswer(new HubError('job_conflict', conflictSentence(job, asked)));
  }
}

function conflictSentence({ plan, progress: { state } }: Job, asked: JobRequest): string {
  const sentence = `Job "${plan.id}" is ${state.is} and cannot be ${DEEDS[asked]}.`;
  const isAbandoned = state.is === 'CANCELED' && state.cause === 'abandoned';
  return isAbandoned ? `${sentence} Nobody resumed it within devices.max_job_pause.` : sentence;
}

function cursorIn(text: string | null): string | undefined {
  if (text === null || JOB_ID.test(text)) return text ?? undefined;
  throw new HubError('invalid_cursor', '"after" must be what the page before gave as "next". Begin again without it.');
}
