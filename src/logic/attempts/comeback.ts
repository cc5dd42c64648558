import { HubError } from '../../channels/hub-error.js';
import { pauseBefore } from '../loading/run-rules.js';
import type { Job } from '../running/job.js';
import type { AttemptsRecord } from '../store/records.js';

/** How a turn that had failed before the hub was started goes on. */
export type Comeback =
  | { readonly is: 'waits'; readonly ms: number }
  | { readonly is: 'alone'; readonly reason: string }
  | { readonly is: 'buried'; readonly error: HubError };

const WAS_OPEN = "it was open when the hub's process ended without a stop";

/** @param now unix ms, steady */
export function comebackOf(job: Job, { suspicion, failures, retryAt }: AttemptsRecord, now: number): Comeback {
  const { retry } = job.handler.rules;
  // No clock can make it wait for longer than it had to at first.
  if (!suspicion) return { is: 'waits', ms: Math.min(retryAt - now, pauseBefore(retry, failures)) };
  // Whoever kills hubs may hit the same innocent twice, but not as often as it may fail.
  if (suspicion === 'alone' && failures > retry.times) {
    return {
      is: 'buried',
      error: new HubError('plugin_failed', `${WAS_OPEN}, the last time alone; it failed ${failures} times.`),
    };
  }
  return { is: 'alone', reason: `${WAS_OPEN}. It is called again with nothing of the plugin beside it.` };
}
