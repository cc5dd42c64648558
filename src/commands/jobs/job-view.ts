import type { AttributeQuery } from '../../devices/registry/attribute-index.js';
import type { MessageChange } from '../../engine/engine.js';
import type { CommandRules } from '../command-rules.js';
import type { CommandOptions } from '../draft-command.js';
import { isoTime } from '../iso-time.js';
import { newsMessage } from '../outcome.js';
import type { Job } from './job-records.js';
import type { Canary, Selector, StopRule } from './plan.js';
import { type DeviceEnd, inFlightOf, type JobProgress, overSince, unsentOf } from './progress.js';

/** Tells how far a job is, on the channel that it has for that. @param now unix ms */
export function progressMessage(job: Pick<Job, 'plan' | 'progress'>, now: number, rules: CommandRules): MessageChange {
  return newsMessage(`jobs/${job.plan.id}/progress`, viewProgress(job), now, rules);
}

/** How far a job is, as operators read it and as its channel tells it. */
export function viewProgress({ plan, progress }: Pick<Job, 'plan' | 'progress'>) {
  const { state, stage } = progress;
  return {
    id: plan.id,
    name: plan.command.name,
    state: state.is,
    ...('cause' in state && { cause: state.cause }),
    ...('at' in state && { since: isoTime(state.at) }),
    stage,
    ...(progress.canaryUntil !== undefined &&
      stage === 'canary' &&
      state.is === 'RUNNING' && { canaryUntil: isoTime(progress.canaryUntil) }),
    devices: viewCounts(progress),
  };
}

/** The same with all that was asked for. */
export function viewJob(job: Pick<Job, 'plan' | 'progress'>) {
  const { createdAt, command, selector, limits } = job.plan;
  const { rate, canary, stop } = limits;
  return {
    ...viewProgress(job),
    createdAt: isoTime(createdAt),
    ...viewSelector(selector),
    rate,
    ...(canary && { canary: viewCanary(canary) }),
    ...(stop && { stopOnFailure: viewStop(stop) }),
    command: { name: command.name, params: JSON.parse(command.paramsJson), ...viewOptions(command.options) },
  };
}

function viewCounts(progress: JobProgress) {
  const { total } = progress;
  const of = (end: DeviceEnd) => progress.ended[end] ?? 0;
  return {
    total,
    // What an ended job did not send, it never will.
    [overSince(progress) !== undefined ? 'notSent' : 'waiting']: unsentOf(progress),
    inFlight: inFlightOf(progress),
    succeeded: of('SUCCEEDED'),
    failed: of('FAILED'),
    rejected: of('REJECTED'),
    timedOut: of('TIMED_OUT'),
    dead: of('DEAD'),
    expired: of('EXPIRED'),
    canceled: of('CANCELED'),
    refused: of('REFUSED'),
  };
}

function viewSelector(selector: Selector): object {
  if (selector.by === 'list') return { listed: selector.count };
  const { pattern, attributes } = selector;
  const asked = Object.fromEntries(attributes.map(viewAttribute));
  return { ...(pattern !== undefined && { pattern }), ...(attributes.length > 0 && { attributes: asked }) };
}

function viewAttribute({ name, value, isPrefix }: AttributeQuery): [string, unknown] {
  return [name, isPrefix ? { prefix: value } : value];
}

function viewCanary({ withinMs, ...size }: Canary): object {
  return { ...size, within: withinMs / 1000 };
}

function viewStop({ count, percent, atLeast }: StopRule): object {
  return { ...(count !== undefined && { count }), ...(percent !== undefined && { percent, atLeast }) };
}

function viewOptions({ ttlMs, timeoutMs, notBefore, ...rest }: CommandOptions): object {
  return {
    ...(ttlMs !== undefined && { ttl: ttlMs / 1000 }),
    ...(timeoutMs !== undefined && { timeout: timeoutMs / 1000 }),
    ...(notBefore !== undefined && { notBefore: isoTime(notBefore) }),
    ...rest,
  };
}
