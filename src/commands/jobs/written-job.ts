import { HubError } from '../../channels/hub-error.js';
import { type AttributeQuery, searchedText } from '../../devices/registry/attribute-index.js';
import { checkAttributeName } from '../../devices/registry/attributes.js';
import { checkJobDraft, type JobDraft } from './draft-job.js';
import { DEFAULT_RATE, paceOf } from './pace.js';
import type { Canary, JobCommand, StopRule } from './plan.js';

type Members = Readonly<Record<string, unknown>>;

/** What a job has beside its command, as somebody wrote it: times in seconds. */
export interface WrittenJob {
  readonly devices?: unknown;
  readonly pattern?: unknown;
  readonly attributes?: unknown;
  readonly rate?: unknown;
  readonly canary?: unknown;
  readonly stopOnFailure?: unknown;
}

/** Seconds that canaries have to end well. */
const CANARY_SECONDS = 3_600;
/** Devices that have succeeded or failed before a percentage of them is looked at. */
const JUDGED_AT_LEAST = 10;

/** A job as far as it was written, and the defaults for the rest. @throws HubError `invalid_payload`, `invalid_device_id` */
export function jobOf(written: WrittenJob, { name, paramsJson, options }: JobCommand): JobDraft {
  const { devices, pattern, attributes, rate = DEFAULT_RATE, canary, stopOnFailure } = written;
  const query = queryIn(pattern, attributes);
  return checkJobDraft({
    command: { name, paramsJson, options },
    ...(devices !== undefined && { devices: listIn(devices) }),
    ...(query && { query }),
    limits: {
      rate: textIn('rate', rate),
      pace: paceOf(textIn('rate', rate)),
      ...(canary !== undefined && { canary: canaryIn(canary) }),
      ...(stopOnFailure !== undefined && { stop: stopIn(stopOnFailure) }),
    },
  });
}

function queryIn(pattern: unknown, attributes: unknown): JobDraft['query'] {
  if (pattern === undefined && attributes === undefined) return undefined;
  const asked = attributes === undefined ? {} : membersOf('attributes', attributes);
  return {
    ...(pattern !== undefined && { pattern: textIn('pattern', pattern) }),
    attributes: Object.entries(asked).map(([name, value]) => attributeIn(name, value)),
  };
}

function attributeIn(name: string, value: unknown): AttributeQuery {
  checkAttributeName(name);
  const text = searchedText(value);
  if (text !== undefined) return { name, value: text, isPrefix: false };
  const { prefix, ...rest } = membersOf(`attributes.${name}`, value);
  refuseOthers(`attributes.${name}`, rest, ['prefix']);
  return { name, value: textIn(`attributes.${name}.prefix`, prefix), isPrefix: true };
}

function canaryIn(value: unknown): Canary {
  const { devices, percent, within = CANARY_SECONDS, ...rest } = membersOf('canary', value);
  refuseOthers('canary', rest, ['devices', 'percent', 'within']);
  if ((devices === undefined) === (percent === undefined)) {
    throw invalid('canary', 'has either "devices" or "percent"', value);
  }
  const withinMs = Math.round(numberIn('canary.within', within) * 1000);
  if (devices !== undefined) return { devices: numberIn('canary.devices', devices), withinMs };
  return { percent: numberIn('canary.percent', percent), withinMs };
}

function stopIn(value: unknown): StopRule {
  const { count, percent, atLeast = JUDGED_AT_LEAST, ...rest } = membersOf('stopOnFailure', value);
  refuseOthers('stopOnFailure', rest, ['count', 'percent', 'atLeast']);
  if (count === undefined && percent === undefined) {
    throw invalid('stopOnFailure', 'has "count", "percent" or both', value);
  }
  return {
    ...(count !== undefined && { count: numberIn('stopOnFailure.count', count) }),
    ...(percent !== undefined && { percent: numberIn('stopOnFailure.percent', percent) }),
    atLeast: numberIn('stopOnFailure.atLeast', atLeast),
  };
}

function listIn(value: unknown): readonly string[] {
  if (Array.isArray(value) && value.every((device) => typeof device === 'string')) return value;
  throw invalid('devices', 'is a list of device ids, as in ["fan-1","fan-2"]', value);
}

function textIn(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw invalid(name, 'is a text', value);
}

function numberIn(name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw invalid(name, 'is a number', value);
}

function membersOf(name: string, value: unknown): Members {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Members;
  throw invalid(name, 'is a JSON object', value);
}

function refuseOthers(name: string, rest: Members, known: readonly string[]): void {
  const other = Object.keys(rest)[0];
  if (other === undefined) return;
  throw new HubError('invalid_payload', `A job's ${name} has ${known.join(', ')}, not "${other.slice(0, 80)}".`);
}

function invalid(name: string, what: string, value: unknown): HubError {
  const told = JSON.stringify(value)?.slice(0, 80) ?? 'missing';
  return new HubError('invalid_payload', `A job's ${name} ${what}; this one is ${told}.`);
}
