import { type ChannelPattern, channelPattern } from '../../channels/channel-pattern.js';
import { HubError } from '../../channels/hub-error.js';
import { parseSize } from '../../config/units/size.js';
import type { Declaration } from '../../plugin/declarations.js';
import type { CommandGrant, Grants } from '../../plugin/logic-server-options.js';

/** What a logic server may do, checked and ready to be asked. */
export interface Granted {
  readonly commands: readonly GrantedCommand[];
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
  const { on, command = [], publish = [], state } = grants;
  for (const declaration of declarations) {
    if (on && 'pattern' in declaration) checkGranted(server, on, declaration.pattern);
  }
  const maxStateBytes = state === undefined ? DEFAULT_STATE_BYTES : parseSize(state);
  if (maxStateBytes === undefined) throw refusal(server, 'state', state, 'a size such as 16m');
  return {
    commands: command.map((grant) => commandOf(server, grant)),
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
  const isList = Array.isArray(names) && names.length > 0 && names.every((name) => typeof name === 'string');
  if (!isList) throw refusal(server, 'command.names', names, 'a list of names, or ["*"],');
  return {
    device: device === '#' || device === '+' ? undefined : device,
    names: names.includes('*') ? undefined : new Set(names),
    rate: rate === undefined ? undefined : rateOf(server, rate),
  };
}

function rateOf(server: string, rate: string): Rate {
  const [, count, period] = (typeof rate === 'string' && RATE.exec(rate)) || [];
  const perMs = PERIODS[period ?? ''];
  if (perMs === undefined)
    throw refusal(server, 'command.rate', rate, 'a number for a second, minute, hour or day, as in "10/m",');
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
