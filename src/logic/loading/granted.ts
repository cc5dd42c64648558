import { type ChannelPattern, channelPattern } from '../../channels/channel-pattern.js';
import { HubError } from '../../channels/hub-error.js';
import { parseSize } from '../../config/units/size.js';
import type { Declaration } from '../../plugin/declarations.js';
import type { CommandGrant, Grants, JobGrant } from '../../plugin/logic-server-options.js';

/** What a logic server may do, checked and ready to be asked. */
export interface Granted {
  readonly commands: readonly GrantedCommand[];
  readonly jobs: readonly GrantedJob[];
  readonly publish: readonly ChannelPattern[];
  readonly maxStateBytes: number;
}

export interface GrantedCommand {
  /** undefined: every device */
  readonly device: string | undefined;
  /** undefined: every name */
  readonly names: ReadonlySet<string> | undefined;
  /** undefined: any number */
  readonly rate: Rate | undefined;
}

export interface GrantedJob {
  /** a glob of device ids */
  readonly devices: string;
  /** undefined: every name */
  readonly names: ReadonlySet<string> | undefined;
  /** commands a second; undefined: as fast as a job may be */
  readonly perSecond: number | undefined;
}

export interface Rate {
  readonly count: number;
  readonly perMs: number;
  /** as it was written */
  readonly text: string;
}

const DEFAULT_STATE_BYTES = 16 * 2 ** 20;
const PERIODS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const RATE = /^([1-9]\d{0,8})\/([smhd])$/;

/** @throws HubError `plugin_failed` with the grant that cannot be read, or the handler that has none */
export function grantedOf(server: string, grants: Grants = {}, declarations: readonly Declaration[] = []): Granted {
  const { on, command = [], jobs = [], publish = [], state } = grants;
  for (const declaration of declarations) {
    if (on && 'pattern' in declaration) checkGranted(server, on, declaration.pattern);
  }
  const maxStateBytes = state === undefined ? DEFAULT_STATE_BYTES : parseSize(state);
  if (maxStateBytes === undefined) throw refusal(server, 'state', state, 'a size such as 16m');
  return {
    commands: command.map((grant) => commandOf(server, grant)),
    jobs: jobs.map((grant) => jobOf(server, grant)),
    publish: publish.map((pattern) => patternOf(server, 'publish', pattern)),
    maxStateBytes,
  };
}

function checkGranted(server: string, on: readonly string[], pattern: string): void {
  if (on.some((grant) => covers(patternOf(server, 'on', grant).text.split('/'), pattern.split('/')))) return;
  throw new HubError('plugin_failed', `${server}: the pattern "${pattern}" is not among its grants (on).`);
}

/** True when everything that `pattern` matches is matched by `grant`. */
function covers(grant: readonly string[], pattern: readonly string[]): boolean {
  for (const [i, segment] of grant.entries()) {
    if (segment === '#') return true;
    const asked = pattern[i];
    if (asked === undefined || asked === '#') return false;
    if (segment !== '+' && segment !== asked) return false;
  }
  return grant.length === pattern.length;
}

function commandOf(server: string, grant: CommandGrant): GrantedCommand {
  const { device, names, rate } = grant;
  if (typeof device !== 'string' || device === '')
    throw refusal(server, 'command.device', device, 'a device id or "#"');
  return {
    device: device === '#' || device === '+' ? undefined : device,
    names: namesOf(server, 'command.names', names),
    rate: rate === undefined ? undefined : rateOf(server, 'command.rate', rate),
  };
}

function jobOf(server: string, { devices, names, rate }: JobGrant): GrantedJob {
  const isPattern = typeof devices === 'string' && devices !== '' && devices !== '#';
  if (!isPattern) throw refusal(server, 'jobs.devices', devices, 'a pattern of device ids, or "*" for all,');
  return {
    devices,
    names: namesOf(server, 'jobs.names', names),
    perSecond: rate === undefined ? undefined : perSecondOf(server, rate),
  };
}

/** @returns undefined: every name */
function namesOf(server: string, grant: string, names: unknown): ReadonlySet<string> | undefined {
  const isList = Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === 'string');
  if (!isList) throw refusal(server, grant, names, 'a list of names, or ["*"],');
  return names.includes('*') ? undefined : new Set(names);
}

function perSecondOf(server: string, rate: string): number {
  const { count, perMs } = rateOf(server, 'jobs.rate', rate);
  return (count * 1_000) / perMs;
}

function rateOf(server: string, grant: string, rate: string): Rate {
  const [, count, period] = (typeof rate === 'string' && RATE.exec(rate)) || [];
  const perMs = PERIODS[period ?? ''];
  if (perMs === undefined)
    throw refusal(server, grant, rate, 'a number for a second, minute, hour or day, as in "10/m",');
  return { count: Number(count), perMs, text: rate };
}

function patternOf(server: string, grant: string, pattern: string): ChannelPattern {
  try {
    return channelPattern(pattern);
  } catch {
    throw refusal(server, grant, pattern, 'a channel pattern such as "devices/+/events/temperature"');
  }
}

function refusal(server: string, grant: string, value: unknown, allowed: string): HubError {
  return new HubError(
    'plugin_failed',
    `${server}: grants.${grant} has ${JSON.stringify(value)}; ${allowed} is allowed.`,
  );
}
