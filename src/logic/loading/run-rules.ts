import { HubError } from '../../channels/hub-error.js';
import { parseDuration } from '../../config/units/duration.js';
import type { RunOptions } from '../../plugin/logic-server-options.js';

/** How a logic server's handlers are run. */
export interface RunRules {
  readonly key: 'device' | 'all' | 'none';
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly retry: RetryRules;
}

export interface RetryRules {
  /** attempts beside the first */
  readonly times: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

const DEFAULT_RUN: RunRules = {
  key: 'device',
  concurrency: 16,
  timeoutMs: 10_000,
  retry: { times: 3, firstPauseMs: 1_000, longestPauseMs: 30_000 },
};
/** What others do is away for longer than what a handler trips over. */
export const OUTBOX_RETRY: RetryRules = { times: 12, firstPauseMs: 1_000, longestPauseMs: 600_000 };

const MAX_CONCURRENCY = 256;
const MAX_RETRIES = 100;
const MAX_TIMEOUT_MS = 3_600_000;

/** @throws HubError `plugin_failed` with the option that does not fit */
export function runRulesOf(server: string, { isolation, key, concurrency, timeout, retry }: RunOptions = {}): RunRules {
  const refuse = (option: string, value: unknown, allowed: string): never => {
    throw new HubError('plugin_failed', `${server}: run.${option} is ${JSON.stringify(value)}; ${allowed} is allowed.`);
  };
  if (isolation !== undefined && !['inline', 'worker'].includes(isolation)) {
    refuse('isolation', isolation, 'inline or worker');
  }
  if (key !== undefined && !['device', 'all', 'none'].includes(key)) refuse('key', key, 'device, all or none');
  if (concurrency !== undefined && !isCount(concurrency, 1, MAX_CONCURRENCY)) {
    refuse('concurrency', concurrency, `a whole number from 1 to ${MAX_CONCURRENCY}`);
  }
  const timeoutMs = timeout === undefined ? DEFAULT_RUN.timeoutMs : parseDuration(timeout);
  if (timeoutMs === undefined || timeoutMs < 1 || timeoutMs > MAX_TIMEOUT_MS) {
    return refuse('timeout', timeout, 'a time from 1ms to 1h, such as 10s,');
  }
  const { times = DEFAULT_RUN.retry.times, backoff } = retry ?? {};
  if (!isCount(times, 0, MAX_RETRIES)) refuse('retry.times', times, `a whole number from 0 to ${MAX_RETRIES}`);
  const pauses = backoff === undefined ? DEFAULT_RUN.retry : pausesOf(backoff);
  if (!pauses) return refuse('retry.backoff', backoff, 'a range of times such as "1s..30s"');
  return {
    key: key ?? DEFAULT_RUN.key,
    concurrency: concurrency ?? DEFAULT_RUN.concurrency,
    timeoutMs,
    retry: { ...pauses, times },
  };
}

/** ms until the next attempt. @param failures 1 or more */
export function pauseBefore({ firstPauseMs, longestPauseMs }: RetryRules, failures: number): number {
  return Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs);
}

function pausesOf(backoff: unknown): Pick<RetryRules, 'firstPauseMs' | 'longestPauseMs'> | undefined {
  const [first, longest, ...rest] = typeof backoff === 'string' ? backoff.split('..') : [];
  const [firstPauseMs, longestPauseMs] = [parseDuration(first), parseDuration(longest)];
  if (rest.length > 0 || !firstPauseMs || !longestPauseMs || firstPauseMs > longestPauseMs) return undefined;
  return { firstPauseMs, longestPauseMs };
}

function isCount(value: unknown, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}
