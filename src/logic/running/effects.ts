import { Buffer } from 'node:buffer';
import { HubError } from '../../channels/hub-error.js';
import { type DraftCommand, draftCommand } from '../../commands/draft-command.js';
import { ANY_DEVICE, type JobDraft } from '../../commands/jobs/draft-job.js';
import { jobOf } from '../../commands/jobs/written-job.js';
import { parseDuration } from '../../config/units/duration.js';
import { deviceOfChannel } from '../../devices/device-id.js';
import type { Revision } from '../../engine/record-table.js';
import type {
  JobDevices,
  MessageOptions,
  TimerOptions,
  TurnCommandOptions,
  TurnJobOptions,
} from '../../plugin/turn.js';

/** Something that a plugin asks for: checked and written down, and not yet done. */
export type Effect =
  | CommandEffect
  | JobEffect
  | JobCancelEffect
  | MessageEffect
  | StateEffect
  | TimerEffect
  | { readonly kind: 'outbox'; readonly name: string; readonly key: string | undefined; readonly data: unknown };

export interface JobEffect {
  readonly kind: 'job';
  readonly id: string;
  readonly draft: JobDraft;
}

export interface JobCancelEffect {
  readonly kind: 'cancel-job';
  readonly id: string;
}

export interface CommandEffect {
  readonly kind: 'command';
  readonly draft: DraftCommand;
}

export interface MessageEffect {
  readonly kind: 'message';
  readonly channel: string;
  readonly body: Buffer;
  readonly contentType: string | null;
}

export interface StateEffect {
  readonly kind: 'state';
  /** `g/name` or `k/key/name` */
  readonly entry: string;
  /** JSON; undefined: it is deleted */
  readonly value: string | undefined;
  /** that of the record when the turn read it; undefined: the turn did not */
  readonly ifRevision: Revision | undefined;
}

export interface TimerEffect {
  readonly kind: 'timer';
  readonly name: string;
  readonly key: string;
  /** undefined: it is cancelled */
  readonly plan: TimerPlan | undefined;
}

export interface TimerPlan {
  readonly afterMs: number;
  readonly everyMs: number | undefined;
  readonly missed: 'fireOnce' | 'skip' | 'each';
  readonly data: unknown;
}

const MAX_CHANNEL_ID_LENGTH = 1024;
const MAX_CONTENT_TYPE_LENGTH = 255;
const MAX_OUTBOX_BYTES = 64 * 1024;
const MIN_TIMER_MS = 1_000;
const MAX_TIMER_MS = 3650 * 86_400_000;
const JOB_ID = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const NAME = /^[A-Za-z0-9._:$-]{1,128}$/;

/** @throws HubError `invalid_device_id`, `invalid_payload` */
export function commandEffect(
  device: string,
  name: string,
  params: unknown,
  options?: TurnCommandOptions,
): CommandEffect {
  if (!options) return { kind: 'command', draft: draftCommand(device, name, params) };
  const { ttl, timeout, ack, key, lane, priority } = options;
  const ttlMs = ttl === undefined ? undefined : durationOf('ttl', ttl);
  const timeoutMs = timeout === undefined ? undefined : durationOf('timeout', timeout);
  const draft = draftCommand(device, name, params, { ttlMs, timeoutMs, ack, key, lane, priority });
  return { kind: 'command', draft };
}

/** @throws HubError `invalid_device_id`, `invalid_payload` */
export function jobEffect(
  devices: JobDevices,
  name: string,
  params: unknown,
  options: TurnJobOptions = {},
): Omit<JobEffect, 'id'> {
  const { rate, canary, stopOnFailure, ...rest } = options;
  const { draft } = commandEffect(ANY_DEVICE, name, params, rest);
  const within = canary?.within === undefined ? undefined : durationOf('within', canary.within) / 1000;
  const target = Array.isArray(devices) ? { devices } : (devices as Exclude<JobDevices, readonly string[]>);
  const job = { ...target, rate, stopOnFailure, canary: canary && { ...canary, within } };
  return { kind: 'job', draft: jobOf(job, draft) };
}

/** @throws HubError `invalid_payload` */
export function jobCancelEffect(id: string): JobCancelEffect {
  if (typeof id === 'string' && JOB_ID.test(id)) return { kind: 'cancel-job', id };
  throw invalid(`"${String(id).slice(0, 40)}" is no job's id, as startJob gives it.`);
}

/** @throws HubError `invalid_payload` */
export function messageEffect(channel: string, body: unknown, { contentType }: MessageOptions = {}): MessageEffect {
  checkChannel(channel);
  checkContentType(contentType);
  if (typeof body === 'string') {
    return { kind: 'message', channel, body: Buffer.from(body), contentType: contentType ?? 'text/plain' };
  }
  // A copy: the plugin may write on into its bytes.
  if (body instanceof Uint8Array) {
    return { kind: 'message', channel, body: Buffer.from(body), contentType: contentType ?? null };
  }
  const json = Buffer.from(jsonOf(`The message for "${channel}"`, body));
  return { kind: 'message', channel, body: json, contentType: contentType ?? 'application/json' };
}

/** @throws HubError `invalid_payload` */
export function timerEffect(name: string, after: string, key: string, options: TimerOptions = {}): TimerEffect {
  checkName('timer', name);
  checkName("timer's key", key);
  const { every, missed = 'fireOnce', data } = options;
  if (!['fireOnce', 'skip', 'each'].includes(missed)) throw invalid('missed must be fireOnce, skip or each.');
  const everyMs = every === undefined ? undefined : timerTime('every', every);
  const json = data === undefined ? undefined : JSON.parse(jsonOf(`The data of timer "${name}"`, data));
  return { kind: 'timer', name, key, plan: { afterMs: timerTime('after', after), everyMs, missed, data: json } };
}

/** @throws HubError `invalid_payload` */
export function timerCancel(name: string, key: string): TimerEffect {
  checkName('timer', name);
  checkName("timer's key", key);
  return { kind: 'timer', name, key, plan: undefined };
}

/** @throws HubError `invalid_payload` */
export function outboxEffect(name: string, data: unknown, key: string | undefined): Effect {
  if (key !== undefined) checkName("outbox item's key", key);
  const json = jsonOf(`The data for outbox "${name}"`, data ?? null);
  if (Buffer.byteLength(json) > MAX_OUTBOX_BYTES) {
    throw invalid(`An item of outbox "${name}" has ${Buffer.byteLength(json)} bytes; ${MAX_OUTBOX_BYTES} are allowed.`);
  }
  return { kind: 'outbox', name, key, data: JSON.parse(json) };
}

/** What JSON says of a value. @throws HubError `invalid_payload` */
export function jsonOf(what: string, value: unknown): string {
  try {
    const json = JSON.stringify(value) as string | undefined;
    if (json !== undefined) return json;
  } catch (error) {
    throw invalid(`${what} cannot be written as JSON: ${(error as Error).message}`);
  }
  throw invalid(`${what} is ${typeof value}, which JSON cannot say.`);
}

/** @throws HubError `invalid_payload` */
export function checkName(what: string, name: string): void {
  if (typeof name === 'string' && NAME.test(name)) return;
  throw invalid(
    `"${String(name).slice(0, 140)}" names no ${what}: it must be 1 to 128 of the characters A-Z a-z 0-9 . _ : $ -`,
  );
}

export function invalid(sentence: string): HubError {
  return new HubError('invalid_payload', sentence);
}

function timerTime(what: string, written: string): number {
  const ms = durationOf(what, written);
  if (ms >= MIN_TIMER_MS && ms <= MAX_TIMER_MS) return ms;
  throw invalid(`A timer's ${what} is from 1 second to 3650 days; "${written}" is not.`);
}

function durationOf(what: string, written: string): number {
  const ms = parseDuration(written);
  if (ms !== undefined) return ms;
  throw invalid(`"${String(written).slice(0, 40)}" is no time for ${what}; write it as 90s, 15m or 1h30m.`);
}

function checkChannel(channel: string): void {
  if (typeof channel !== 'string' || channel === '' || channel.length > MAX_CHANNEL_ID_LENGTH) {
    throw invalid(`A channel's id is a text of 1 to ${MAX_CHANNEL_ID_LENGTH} characters.`);
  }
  if (/[\0-\x1f\x7f]/.test(channel)) throw invalid('A channel id has no control characters.');
  const device = deviceOfChannel(channel);
  if (device === undefined) return;
  throw invalid(`Commands are not published but sent: command("${device}", name, params).`);
}

function checkContentType(contentType: string | undefined): void {
  if (contentType === undefined) return;
  const isHeader = typeof contentType === 'string' && /^[\x20-\x7e]+$/.test(contentType);
  if (isHeader && contentType.length <= MAX_CONTENT_TYPE_LENGTH) return;
  throw invalid(`A content type is 1 to ${MAX_CONTENT_TYPE_LENGTH} printable ASCII characters.`);
}
