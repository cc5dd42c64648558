/** What a device says about a command, as the last segment of its URL. */
export type ReportVerb = 'complete' | 'result' | 'progress' | 'abandon' | 'reject';

/** What of the device API a path leads to. */
export type DeviceRoute =
  | RegistryRoute
  | { readonly kind: 'event'; readonly device: string; readonly type: string }
  /** the queue: GET polls, POST sends */
  | { readonly kind: 'commands'; readonly device: string }
  /** POST polls */
  | { readonly kind: 'next-commands'; readonly device: string }
  | { readonly kind: 'command'; readonly device: string; readonly id: string }
  | { readonly kind: 'history'; readonly device: string; readonly id: string }
  | { readonly kind: 'redrive'; readonly device: string; readonly id: string }
  | {
      readonly kind: 'report';
      readonly device: string;
      readonly id: string;
      readonly lock: string;
      readonly verb: ReportVerb;
    };

/** What leads to the device itself. */
export interface RegistryRoute {
  readonly kind: 'device';
  readonly device: string;
  /** the device with its attributes, its desired state, how far it is with that, a batch of its events */
  readonly part: 'itself' | 'desired' | 'reported' | 'events';
}

export const DEVICE_PREFIX = '/v1/devices/';

const REPORT_VERBS: ReadonlySet<string> = new Set<ReportVerb>(['complete', 'result', 'progress', 'abandon', 'reject']);

/** @param path without query, beginning with `DEVICE_PREFIX` */
export function deviceRoute(path: string): DeviceRoute | undefined {
  return eventRoute(path) ?? anyRoute(path);
}

/** Most requests are events, and are not taken to pieces. */
function eventRoute(path: string): DeviceRoute | undefined {
  const end = path.indexOf('/', DEVICE_PREFIX.length);
  if (end < 0 || !path.startsWith(EVENTS, end)) return undefined;
  const start = end + EVENTS.length;
  if (path.includes('/', start)) return undefined;
  return { kind: 'event', device: path.slice(DEVICE_PREFIX.length, end), type: path.slice(start) };
}

const EVENTS = '/events/';

function anyRoute(path: string): DeviceRoute | undefined {
  const [device = '', room, ...rest] = path.slice(DEVICE_PREFIX.length).split('/');
  if (room === 'commands') return commandRoute(device, rest);
  if (room === undefined) return { kind: 'device', device, part: 'itself' };
  const part = registryParts.get([room, ...rest].join('/'));
  return part && { kind: 'device', device, part };
}

const registryParts: ReadonlyMap<string, RegistryRoute['part']> = new Map([
  ['desired', 'desired'],
  ['desired/reported', 'reported'],
  ['events', 'events'],
]);

function commandRoute(device: string, [id, second, verb, ...more]: string[]): DeviceRoute | undefined {
  if (more.length > 0) return undefined;
  if (id === undefined) return { kind: 'commands', device };
  if (second === undefined) return id === 'next' ? { kind: 'next-commands', device } : { kind: 'command', device, id };
  if (verb === undefined) {
    return second === 'history' || second === 'redrive' ? { kind: second, device, id } : undefined;
  }
  return isReportVerb(verb) ? { kind: 'report', device, id, lock: second, verb } : undefined;
}

function isReportVerb(text: string): text is ReportVerb {
  return REPORT_VERBS.has(text);
}
