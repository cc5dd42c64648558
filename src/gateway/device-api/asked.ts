import { HubError } from '../../channels/hub-error.js';
import type { PollTerms } from '../../commands/queue/command-poll.js';
import type { Exchange } from '../exchange.js';

/** How long polls wait, in ms. */
export interface PollTimes {
  /** one that names no time */
  readonly pollTimeoutMs: number;
  /** one that names a longer time is cut to it */
  readonly maxPollTimeoutMs: number;
  readonly leaseMs: number;
}

/** What a device's poll asks for. */
export interface AskedPoll {
  readonly terms: PollTerms;
  readonly waitMs: number;
  /** true: one command as its bare params, the rest in header lines */
  readonly isRaw: boolean;
}

/** Commands in one answer. */
const MAX_BATCH = 100;
const MAX_LEASE_SECONDS = 86_400;
const MAX_WAIT_SECONDS = 86_400;
const SESSION = /^[\x21-\x7e]{1,64}$/;
const LOCK = /^[A-Za-z0-9_:-]{1,64}$/;
const PREFER_WAIT = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,9})"?/i;

const NO_QUERY = new URLSearchParams();

/** The parameters of a request's query. Most requests of devices have none, and cost nothing. */
export function askedQuery({ query }: Pick<Exchange, 'query'>): URLSearchParams {
  return query === '' ? NO_QUERY : new URLSearchParams(query);
}

/** `?wait=&max=&lease=&ack=&raw=`, `Prefer: wait=`, `Accept` and `Signalbox-Session`. @throws HubError `bad_request` */
export function askedPoll(exchange: Exchange, times: PollTimes): AskedPoll {
  const query = askedQuery(exchange);
  const waitMs = askedWait(exchange, query) ?? times.pollTimeoutMs;
  const max = wholeNumber(query, 'max', 1, MAX_BATCH) ?? 1;
  const leaseSeconds = wholeNumber(query, 'lease', 1, MAX_LEASE_SECONDS);
  const isRaw = query.get('raw') === '1' || exchange.header('accept') === 'application/octet-stream';
  if (isRaw && max > 1) throw new HubError('bad_request', 'A raw answer holds one command; leave out "max", or "raw".');
  return {
    waitMs: Math.min(waitMs, times.maxPollTimeoutMs),
    isRaw,
    terms: {
      session: sessionOf(exchange),
      max,
      leaseMs: leaseSeconds === undefined ? times.leaseMs : leaseSeconds * 1000,
      lock: lockIn(query),
      lockedBy: 'token',
    },
  };
}

/** How long the client asks to wait, in ms; undefined when it does not say. @throws HubError `bad_request` */
export function askedWait(exchange: Exchange, query: URLSearchParams): number | undefined {
  const prefer = exchange.header('prefer');
  const preferred = prefer && PREFER_WAIT.exec(prefer)?.[1];
  const seconds = wholeNumber(query, 'wait', 0, MAX_WAIT_SECONDS) ?? (preferred && Number(preferred));
  return seconds === undefined || seconds === '' ? undefined : Number(seconds) * 1000;
}

/** @returns undefined when the query does not name it. @throws HubError `bad_request` */
export function wholeNumber(query: URLSearchParams, name: string, least: number, most: number): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : -1;
  if (value >= least && value <= most) return value;
  throw new HubError(
    'bad_request',
    `"${name}" must be a whole number from ${least} to ${most}; this one is "${text.slice(0, 40)}".`,
  );
}

/** @returns undefined when the query does not name it. @throws HubError `bad_request` */
export function oneOf<T extends string>(query: URLSearchParams, name: string, known: readonly T[]): T | undefined {
  const text = query.get(name);
  const found = known.find((word) => word === text);
  if (text === null || found !== undefined) return found;
  throw new HubError(
    'bad_request',
    `"${name}" must be one of ${known.join(', ')}; this one is "${text.slice(0, 40)}".`,
  );
}

function sessionOf(exchange: Exchange): string {
  const session = exchange.header('signalbox-session') ?? '';
  if (session === '' || SESSION.test(session)) return session;
  throw new HubError(
    'bad_request',
    'Signalbox-Session must be 1 to 64 visible ASCII characters: a text that this program chose and keeps.',
  );
}

function lockIn(query: URLSearchParams): string {
  const lock = query.get('ack') ?? '';
  if (lock === '' || LOCK.test(lock)) return lock;
  throw new HubError(
    'bad_request',
    `"${lock.slice(0, 80)}" is not a lock: send back the one that came with the command.`,
  );
}
