import { createHash } from 'node:crypto';
import { HubError } from '../../channels/hub-error.js';
import { checkDeviceId } from '../../devices/device-id.js';
import type { AttributeQuery } from '../../devices/registry/attribute-index.js';
import type { Canary, JobCommand, JobLimits, StopRule } from './plan.js';

/** A job that was checked, and not yet made. */
export interface JobDraft {
  readonly command: JobCommand;
  /** in their order, each once */
  readonly devices?: readonly string[];
  /** or those that are found by it */
  readonly query?: { readonly pattern?: string; readonly attributes: readonly AttributeQuery[] };
  readonly limits: JobLimits;
}

/** A command belongs to a device; that of a job has none yet. */
export const ANY_DEVICE = 'any';
/** Devices that a job can list; larger fleets are found by a pattern or by attributes. */
export const MAX_LISTED = 10_000;
const MAX_ATTRIBUTES = 8;
const MAX_CANARIES = 100_000;
const PATTERN = /^[A-Za-z0-9._:*-]{1,128}$/;

/** @throws HubError `invalid_payload`, `invalid_device_id` */
export function checkJobDraft(draft: JobDraft): JobDraft {
  const { devices, query, limits } = draft;
  if ((devices === undefined) === (query === undefined)) {
    throw invalid('names its devices by "devices", or by "pattern" and "attributes", and not by both');
  }
  if (limits.canary) checkCanary(limits.canary);
  if (limits.stop) checkStop(limits.stop);
  if (query) checkQuery(query);
  return devices ? { ...draft, devices: checkList(devices) } : draft;
}

/** The same for the same job. */
export function digestOf(draft: JobDraft): string {
  return createHash('sha256').update(JSON.stringify(draft)).digest('base64url');
}

function checkList(devices: readonly string[]): readonly string[] {
  const once = [...new Set(devices.map(checkDeviceId))];
  if (once.length >= 1 && once.length <= MAX_LISTED) return once;
  throw invalid(
    `lists 1 to ${MAX_LISTED} devices; this one lists ${once.length}. Name more of them by "pattern" or "attributes"`,
  );
}

function checkQuery({ pattern, attributes }: NonNullable<JobDraft['query']>): void {
  if (pattern !== undefined && !PATTERN.test(pattern)) {
    throw invalid(
      'has a pattern of 1 to 128 of the characters A-Z a-z 0-9 . _ : - and * for any of them, as in "fan-*"',
    );
  }
  if (attributes.length > MAX_ATTRIBUTES) throw invalid(`asks for ${MAX_ATTRIBUTES} attributes at most`);
}

function checkCanary(canary: Canary): void {
  const { withinMs } = canary;
  const isSized =
    'devices' in canary ? isWhole(canary.devices, 1, MAX_CANARIES) : canary.percent > 0 && canary.percent <= 100;
  if (!isSized) throw invalid(`has 1 to ${MAX_CANARIES} canaries, or more than 0 and up to 100 percent`);
  if (!isWhole(withinMs, 1_000, 30 * 86_400_000)) throw invalid('gives its canaries from 1 second to 30 days');
}

function checkStop({ count, percent, atLeast }: StopRule): void {
  if (count !== undefined && !isWhole(count, 1, Number.MAX_SAFE_INTEGER)) throw invalid('stops at 1 or more failures');
  if (percent !== undefined && !(percent > 0 && percent <= 100)) {
    throw invalid('stops at more than 0 and up to 100 percent of failures');
  }
  if (!isWhole(atLeast, 1, Number.MAX_SAFE_INTEGER)) throw invalid('looks at the percentage of 1 or more devices');
}

function isWhole(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}

function invalid(what: string): HubError {
  return new HubError('invalid_payload', `A job ${what}.`);
}
