/** The configuration of a hub as the rest of the program uses it: every value present, times in ms, sizes in bytes. */
export interface HubConfig {
  /** file that it was read from, absolute; undefined: built-in defaults */
  readonly file: string | undefined;
  readonly listen: Endpoint;
  readonly admin: Endpoint;
  /** what keeps messages and records */
  readonly engine: 'lmdb' | 'memory';
  /** folder for what engines keep on disk, absolute */
  readonly data: string;
  /** false: every request goes through Node's parser and Fastify; for tests and for tracking down a fault */
  readonly fastLane: boolean;
  readonly logLevel: 'silent' | 'error' | 'warn' | 'info' | 'debug';
  readonly limits: HubLimits;
  readonly devices: DeviceConfig;
  readonly locations: readonly LocationConfig[];
  readonly plugins: readonly PluginConfig[];
  readonly logicServers: readonly LogicServerConfig[];
  /** serve the example pages under /examples */
  readonly examples: boolean;
}

export interface Endpoint {
  readonly host: string;
  /** 0: any free one */
  readonly port: number;
}

export interface HubLimits {
  /** bytes of messages in memory: all of them with the memory engine, else those that are nowhere else and the newest */
  readonly maxReservedMemory: number;
  /** bytes of messages on disk */
  readonly maxDisk: number;
  readonly maxMessages: number;
  readonly maxChannels: number;
  /** events that are kept for plugins that have not come to them */
  readonly journalLength: number;
  /** ms that they are kept */
  readonly journalTimeoutMs: number;
  /** open connections to the devices' door; one more is closed at once */
  readonly maxConnections: number;
  /** bytes of a request head */
  readonly maxHeadBytes: number;
  /** ms from a request's first byte, or the connection's, to the end of its head */
  readonly headTimeoutMs: number;
  /** ms from the end of the head to the end of the body */
  readonly bodyTimeoutMs: number;
  /** ms an idle connection is kept for a further request */
  readonly keepAliveTimeoutMs: number;
  /** bytes of bodies that are being received, of all connections */
  readonly maxReceivingBytes: number;
  /** bytes behind a parked request that are kept for it to be answered first */
  readonly maxPipelinedBytes: number;
  /** ms that a client may take nothing of its answer before its connection is cut */
  readonly sendTimeoutMs: number;
  /** ms that a stop may take */
  readonly stopTimeoutMs: number;
}

export interface DeviceConfig {
  /** open: the first contact registers a device */
  readonly registration: 'open' | 'closed';
  /** devices that are registered at a time */
  readonly maxDevices: number;
  readonly maxEventBytes: number;
  readonly eventBufferLength: number;
  readonly eventTimeoutMs: number;
  readonly eventDurability: WrittenDurability;
  readonly commands: CommandConfig;
  /** ms that a poll for commands waits unless it says otherwise */
  readonly pollTimeoutMs: number;
  /** ms that a poll may ask to wait */
  readonly maxPollTimeoutMs: number;
}

export interface CommandConfig {
  /** commands of one device that have not ended */
  readonly maxQueued: number;
  /** bytes of their names and params */
  readonly maxQueuedBytes: number;
  readonly whenFull: 'reject' | 'drop-oldest';
  readonly ttlMs: number;
  readonly leaseMs: number;
  readonly maxDeliveries: number;
  /** commands of one lane that a device may hold at a time */
  readonly maxInFlight: number;
  readonly timeoutMs: number;
  readonly lateWindowMs: number;
  readonly retentionMs: number;
  /** ended commands that are kept, over all devices */
  readonly maxEnded: number;
  readonly maxEndedOfDevice: number;
  readonly idempotencyMs: number;
  readonly maxJobs: number;
  /** jobs that run, are paused or have stopped */
  readonly maxRunningJobs: number;
  /** how long a job may stay paused or stopped before it is canceled */
  readonly jobPauseMs: number;
  /** devices of one job */
  readonly maxJobDevices: number;
  readonly outcomeBufferLength: number;
  readonly outcomeTimeoutMs: number;
}

/** One entry of `locations`; what it leaves out has its default. */
export interface LocationConfig {
  readonly path: string;
  /** template of the channel, or of the device whose queue is served */
  readonly channel: string;
  /** true: `channel` names a device */
  readonly isQueue: boolean;
  readonly publisher: boolean;
  readonly subscriber: boolean;
  readonly dialect: 'push';
  readonly settings: {
    readonly subscriberMode: 'long-poll' | 'interval-poll';
    readonly subscriberConcurrency: 'broadcast' | 'first' | 'last';
    readonly storeMessages: boolean;
    readonly durability: WrittenDurability;
    readonly minMessageBufferLength: number;
    readonly maxMessageBufferLength: number;
    readonly deleteOldestReceivedMessage: boolean;
    readonly ignoreQueueOnNoCache: boolean;
    readonly messageTimeoutMs: number;
    readonly subscriberTimeoutMs: number;
    readonly channelTimeoutMs: number;
    readonly authorizedChannelsOnly: boolean;
    readonly channelGroup: string;
    readonly maxChannelIdLength: number;
    readonly maxChannelSubscribers: number;
    readonly defaultType: string;
    readonly gzip: boolean;
    readonly maxBodyBytes: number;
  };
}

/** When a kept message counts as safe: on disk, accepted, or never on disk. */
export type WrittenDurability = 'disk' | 'memory' | 'none';

/** One entry of `plugins`. */
export interface PluginConfig {
  /** the logic server's name: a folder of `plugins/`, or what `from` holds */
  readonly name: string;
  readonly enabled: boolean;
  /** folder (absolute) or npm package; undefined: the folder `plugins/<name>` */
  readonly from: string | undefined;
  /** where it runs; undefined: where the plugin says */
  readonly isolation: 'inline' | 'worker' | undefined;
  /** what a worker's heap and buffers may come to */
  readonly maxMemoryBytes: number;
  /** handed to the plugin's config class, which checks it */
  readonly config: Readonly<Record<string, unknown>>;
  /** where the values of `config` were written */
  readonly places: WrittenPlaces;
  /** a candidate version that runs beside it without effect; undefined: none */
  readonly shadow: ShadowConfig | undefined;
}

/** `shadow` and `shadow_config` of an entry of `plugins`. */
export interface ShadowConfig extends Pick<PluginConfig, 'config' | 'places'> {
  /** folder (absolute) or npm package */
  readonly from: string;
  /** the key that `config` stands under: the plugin's own when it has none */
  readonly configKey: 'config' | 'shadow_config';
  /** where `shadow` was written */
  readonly origin: WrittenPlaces;
}

/** One entry of `logic_servers`: logic that runs somewhere else and takes its turns over HTTP. */
export interface LogicServerConfig {
  readonly name: string;
  readonly enabled: boolean;
  /** what whoever takes its turns must show; undefined: nothing */
  readonly token: string | undefined;
  /** patterns of the events that it is given */
  readonly events: readonly string[];
  /** names of the commands whose ends it is told */
  readonly outcomes: readonly string[];
  /** names of the timers that it may set, and is told of */
  readonly timers: readonly string[];
  /** names of what it may put into its outbox, and is given from there */
  readonly outbox: readonly string[];
  readonly grants: LogicServerGrants;
  /** turns of what are one after the other */
  readonly key: 'device' | 'all' | 'none';
  /** turns that are out at a time */
  readonly concurrency: number;
  /** ms that a turn may be out */
  readonly leaseMs: number;
  /** attempts beside the first */
  readonly retries: number;
  /** the first pause before another attempt and the longest: `1s..30s` */
  readonly backoff: string;
}

export interface LogicServerGrants {
  readonly command: readonly {
    /** an id, or `#` for all */
    readonly device: string;
    readonly names: readonly string[];
    /** `10/m` */
    readonly rate?: string;
  }[];
  readonly jobs: readonly {
    /** a pattern of ids */
    readonly devices: string;
    readonly names: readonly string[];
    /** `50/s` */
    readonly rate?: string;
  }[];
  /** patterns */
  readonly publish: readonly string[];
  /** a size */
  readonly state: string;
}

export interface WrittenPlaces {
  /** @param path of keys and indexes: `rooms`, `0`, `name`. @returns undefined when nothing was written there */
  find(path: readonly string[]): WrittenPlace | undefined;
}

export interface WrittenPlace {
  /** the key as faults name it: `plugins.thermostat.config.limit` */
  readonly key: string;
  readonly file: string;
  readonly line: number | undefined;
}
