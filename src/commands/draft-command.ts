import { HubError } from '../channels/hub-error.js';
import { checkDeviceId } from '../devices/device-id.js';
import type { AckLevel, Command } from './life/command.js';

/** What a producer may say about a command beside its name and params; what it leaves out has the hub's default. */
export interface CommandOptions {
  /** how long it may wait for its device, 1,000 to `MAX_TIME_MS` */
  readonly ttlMs?: number;
  /** how long the device may take for a result, 1,000 to `MAX_TIME_MS` */
  readonly timeoutMs?: number;
  /** the least that counts as success; `delivered` when left out */
  readonly ack?: AckLevel;
  /** replaces the commands with the same key that still wait */
  readonly key?: string;
  /** commands of one lane stay in order; `urgent` passes all others; `main` when left out */
  readonly lane?: string;
  /** unix ms before which it is not handed out */
  readonly notBefore?: number;
  /** 0 to 9; higher ones overtake lower ones of their lane; 0 when left out */
  readonly priority?: number;
}

/** A command that was checked and written down, and not yet sent. */
export interface DraftCommand {
  readonly device: string;
  readonly name: string;
  readonly params: unknown;
  /** `params` as JSON, as they were when the draft was made */
  readonly paramsJson: string;
  readonly options: CommandOptions;
  /** set when it is a message that was published to the device's command channel */
  readonly message?: Command['message'];
  /** set when a job sends it */
  readonly job?: Command['job'];
  /** what brought it about, as JSON; undefined: somebody outside of the hub */
  readonly origin?: string | undefined;
}

/** Characters of a command's name. */
export const MAX_NAME_LENGTH = 128;
/** Ten years: what is longer is a slip of the pen. */
export const MAX_TIME_MS = 3650 * 86_400_000;
const MIN_TIME_MS = 1_000;
const MAX_PRIORITY = 9;
const ACK_LEVELS: ReadonlySet<string> = new Set<AckLevel>(['none', 'delivered', 'result']);
/** Sentences that are ready before something is wrong: each command is checked. */
const TTL_RANGE = 'ttl must be from 1 second to 3650 days';
const TIMEOUT_RANGE = 'timeout must be from 1 second to 3650 days';
const PRIORITY_RANGE = `priority must be a whole number from 0 to ${MAX_PRIORITY}`;
const NO_OPTIONS: CommandOptions = {};
const LANE = /^[A-Za-z0-9._:-]{1,64}$/;
const KEY = /^[\x20-\x7e]{1,128}$/;

/**
 * @param params anything that JSON can say; undefined is sent as `{}`
 * @throws HubError `invalid_device_id`, `invalid_payload`
 */
export function draftCommand(
  device: string,
  name: string,
  params: unknown = {},
  options: CommandOptions = NO_OPTIONS,
): DraftCommand {
  checkDeviceId(device);
  if (typeof name !== 'string' || name === '' || name.length > MAX_NAME_LENGTH) {
    throw new HubError(
      'invalid_payload',
      `A command's name must be a text of 1 to ${MAX_NAME_LENGTH} characters, as in "fan.set"; this one ` +
        `${typeof name === 'string' ? `has ${name.length}` : `is of type ${typeof name}`}.`,
    );
  }
  return { device, name, params, paramsJson: jsonOf(name, params), options: checkOptions(options) };
}

/** A message that was published to the channel that a device's queue is seen as. @throws HubError `invalid_device_id` */
export function draftMessage(device: string, text: string, contentType: string | null): DraftCommand {
  return { ...draftCommand(device, 'message', text), message: { contentType } };
}

function checkOptions(options: CommandOptions): CommandOptions {
  if (options === NO_OPTIONS) return options;
  const { ttlMs, timeoutMs, ack, key, lane, notBefore, priority } = options;
  checkTime(ttlMs, TTL_RANGE);
  checkTime(timeoutMs, TIMEOUT_RANGE);
  check(ack, ACK_LEVELS.has(ack as string), 'ack must be none, delivered or result');
  check(key, typeof key === 'string' && KEY.test(key), 'key must be 1 to 128 printable ASCII characters');
  check(
    lane,
    typeof lane === 'string' && LANE.test(lane),
    'lane must be 1 to 64 of the characters A-Z a-z 0-9 . _ : -',
  );
  check(notBefore, isWithin(notBefore, 0, Number.MAX_SAFE_INTEGER), 'notBefore must be a time');
  check(priority, isWithin(priority, 0, MAX_PRIORITY), PRIORITY_RANGE);
  return options;
}

function checkTime(ms: number | undefined, range: string): void {
  check(ms, isWithin(ms, MIN_TIME_MS, MAX_TIME_MS), range);
}

function isWithin(value: number | undefined, least: number, most: number): boolean {
  return Number.isInteger(value) && (value as number) >= least && (value as number) <= most;
}

function check(value: unknown, isAllowed: boolean, sentence: string): void {
  if (value === undefined || isAllowed) return;
  throw new HubError('invalid_payload', `A command's ${sentence}; this one is ${JSON.stringify(value)}.`);
}

function jsonOf(name: string, params: unknown): string {
  let cause: unknown;
  try {
    const json = JSON.stringify(params) as string | undefined;
    if (json !== undefined) return json;
  } catch (error) {
    cause = error;
  }
  const reason = cause instanceof Error ? cause.message : `JSON has no ${typeof params}.`;
  throw new HubError('invalid_payload', `The params of command "${name}" cannot be written as JSON: ${reason}`, {
    cause,
  });
}
