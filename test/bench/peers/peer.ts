/** The names that --server and --vs take. */
export const peerNames = [
  'signalbox',
  'signalbox-memory',
  'signalbox-fastify',
  'signalbox-worker',
  'signalbox-external',
  'nchan',
  'nchan-http',
  'nchan-redis-always',
  'nchan-redis-everysec',
] as const;
/** `signalbox-before` is the build that --before names. */
export type PeerName = (typeof peerNames)[number] | 'signalbox-before';

/** What --engine and --durability take: of the builds of Signalbox, except `signalbox-memory`. */
export const engines = ['memory', 'lmdb'] as const;
export type EngineName = (typeof engines)[number];
export const durabilities = ['disk', 'memory', 'none'] as const;
export type Durability = (typeof durabilities)[number];

/** The names that --scenario takes, in the order in which they run. */
export const scenarioNames = [
  'fanout',
  'roundtrip',
  'park',
  'publish',
  'drain',
  'control-loop',
  'commands',
  'turns',
  'catch-up',
] as const;
export type ScenarioName = (typeof scenarioNames)[number];

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Where and how a peer is reached. `{id}` stands for a channel's or a device's id, `{celsius}` for a temperature. */
export interface Target {
  readonly endpoint: Endpoint;
  readonly publishPath: string;
  readonly subscribePath: string;
  readonly eventPath: string;
  readonly eventBody: string;
  /** the id of the channel on which device `{id}` gets its commands */
  readonly commandChannel: string;
  /** the queue of device `{id}`: producers post commands there, and the device polls; undefined: it keeps no queues */
  readonly queuePath?: string;
  /** the admin API; undefined: it has none */
  readonly admin?: Endpoint;
}

/** What a peer does not have and a scenario asks for; undefined: it has all. */
export function lacking(peer: PeerName, scenario: ScenarioName): string | undefined {
  if (scenario === 'commands' && !peer.startsWith('signalbox')) return 'queues of commands';
  const counts = scenario === 'turns' || scenario === 'catch-up';
  return counts && (!peer.startsWith('signalbox') || peer === 'signalbox-external') ? 'a plugin' : undefined;
}

/** What a turn will ask of a server. */
export interface ServerNeeds {
  readonly scenario: ScenarioName;
  /** connections that will be open at a time */
  readonly connections: number;
}

/** A server that can be measured. */
export interface Peer {
  readonly name: PeerName;
  /** what runs, with version, for the report */
  readonly description: string;
  /** @throws BenchFault when it does not come up */
  start(needs: ServerNeeds): Promise<RunningPeer>;
}

export interface RunningPeer {
  readonly target: Target;
  /** the processes whose use counts, together with their children */
  readonly pids: readonly number[];
  stop(): Promise<void>;
}

/** Messages that every channel keeps: a publisher's older ones are trimmed. */
export const BUFFER_LENGTH = 20;

/** Puts values in the place of a template's `{names}`. */
export function filled(template: string, values: Readonly<Record<string, string | number>>): string {
  return template.replace(/\{([a-z]+)\}/g, (placeholder, name: string) => String(values[name] ?? placeholder));
}
