import type { JobRequest } from '../commands/jobs/request.js';

/** What of the jobs a path leads to. */
export type JobRoute =
  /** POST makes one */
  | { readonly kind: 'new-job' }
  | { readonly kind: 'jobs' }
  | { readonly kind: 'job'; readonly id: string }
  | { readonly kind: 'job-devices'; readonly id: string }
  | { readonly kind: 'job-request'; readonly id: string; readonly asked: JobRequest };

const ROOT = '/v1/commands';
const REQUESTS: ReadonlySet<string> = new Set<JobRequest>(['pause', 'resume', 'cancel']);

/** True for the paths that `jobRoute` knows, and those below them. */
export function isJobPath(path: string): boolean {
  return path.startsWith(ROOT) && (path.length === ROOT.length || path[ROOT.length] === '/');
}

/** @param path without query, one that `isJobPath` is true for */
export function jobRoute(path: string): JobRoute | undefined {
  const [jobs, id, verb, ...more] = path.slice(ROOT.length + 1).split('/');
  if (jobs === '') return path === ROOT ? { kind: 'new-job' } : undefined;
  if (jobs !== 'jobs' || more.length > 0 || id === '') return undefined;
  if (id === undefined) return { kind: 'jobs' };
  if (verb === undefined) return { kind: 'job', id };
  if (verb === 'devices') return { kind: 'job-devices', id };
  return isRequest(verb) ? { kind: 'job-request', id, asked: verb } : undefined;
}

function isRequest(verb: string): verb is JobRequest {
  return REQUESTS.has(verb);
}
