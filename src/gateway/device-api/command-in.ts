import { HubError } from '../../channels/hub-error.js';
import { type DraftCommand, draftCommand } from '../../commands/draft-command.js';
import type { AckLevel } from '../../commands/life/command.js';
import { objectIn } from './json-body.js';

const EXAMPLE = '{"name":"fan.set","params":{"on":true}}';
const KNOWN = ['name', 'params', 'ttl', 'timeout', 'ack', 'key', 'lane', 'notBefore', 'priority'];

/**
 * A command as a producer writes it: `{"name","params","ttl","timeout","ack","key","lane","notBefore","priority"}`, times in
 * seconds, `notBefore` as in RFC 3339.
 * @throws HubError `bad_json`, `invalid_payload`, `invalid_device_id`
 */
export function commandIn(device: string, body: Buffer): DraftCommand {
  return commandOf(device, objectIn(body, EXAMPLE));
}

/** The same of what the body says. @throws HubError `invalid_payload`, `invalid_device_id` */
export function commandOf(device: string, written: Readonly<Record<string, unknown>>): DraftCommand {
  const { name, params, ttl, timeout, ack, key, lane, notBefore, priority, ...rest } = written;
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined) {
    throw new HubError('invalid_payload', `A command has ${KNOWN.join(', ')}, not "${unknown.slice(0, 80)}".`);
  }
  return draftCommand(device, name as string, params ?? {}, {
    ttlMs: seconds('ttl', ttl),
    timeoutMs: seconds('timeout', timeout),
    ack: ack as AckLevel | undefined,
    key: key as string | undefined,
    lane: lane as string | undefined,
    notBefore: moment(notBefore),
    priority: priority as number | undefined,
  });
}

function seconds(name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isFinite(value)) return Math.round(value * 1000);
  throw new HubError('invalid_payload', `A command's ${name} must be a number of seconds; this one is ${told(value)}.`);
}

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/i;

function moment(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const unixMs = typeof value === 'string' && RFC3339.test(value) ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(unixMs)) return unixMs;
  throw new HubError(
    'invalid_payload',
    `A command's notBefore must be a time such as "2026-11-25T06:30:00Z"; this one is ${told(value)}.`,
  );
}

function told(value: unknown): string {
  return JSON.stringify(value).slice(0, 80);
}
