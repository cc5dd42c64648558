/** A class that the hub makes, fills and checks: payloads and configurations. */
export type PlainClass<T = object> = new () => T;

export interface LogicServerOptions {
  /** as logs and the admin API name it */
  readonly name: string;
  readonly version: string;
  /** versions of the hub that it is made for, as in `^0.1`; another one does not load it. Left out: any */
  readonly hub?: string;
  /**
   * A class with decorators of class-validator. The hub fills it from `plugins.NAME.config`, checks it, and injects it by
   * its class. Values that its constructor sets are the defaults.
   */
  readonly config?: PlainClass;
  /** what it may do; what is not granted is refused */
  readonly grants?: Grants;
  /** how it is run */
  readonly run?: RunOptions;
}

export interface Grants {
  /** patterns of the events that it may get; left out: those of its handlers and pipelines */
  readonly on?: readonly string[];
  /** commands that it may send */
  readonly command?: readonly CommandGrant[];
  /** commands that it may send to many devices by a job */
  readonly jobs?: readonly JobGrant[];
  /** patterns of the channels that it may publish to */
  readonly publish?: readonly string[];
  /** all that it keeps with `turn.state`, as in `16m`, which is the default */
  readonly state?: string;
}

export interface CommandGrant {
  /** a device's id, or `#` for all */
  readonly device: string;
  /** the commands' names, or `*` alone for all */
  readonly names: readonly string[];
  /** how many for each device, as in `10/m`: a second, a minute, an hour or a day; left out: any number */
  readonly rate?: string;
}

export interface JobGrant {
  /** a pattern of device ids, as in `fan-*`; `*` for all. A job that asks for attributes alone needs `*` */
  readonly devices: string;
  /** the commands' names, or `*` alone for all */
  readonly names: readonly string[];
  /** the fastest rate, as in `50/s`; left out: as fast as a job may be */
  readonly rate?: string;
}

export interface RunOptions {
  /**
   * `inline`: in the hub's own thread (the default); `worker`: in a thread of the plugin's own, so that a crash, a leak or
   * an endless loop costs nobody else anything. The configuration can say otherwise.
   */
  readonly isolation?: 'inline' | 'worker';
  /** turns of what are one after the other: of one `device` (the default), of `all`, or of `none` */
  readonly key?: 'device' | 'all' | 'none';
  /** turns that are open at a time, 1 to 256; 16 when left out */
  readonly concurrency?: number;
  /** how long a handler may take, as in `10s`, which is the default */
  readonly timeout?: string;
  /** what happens after a turn that failed; `{ times: 3, backoff: '1s..30s' }` when left out */
  readonly retry?: RetryOptions;
}

export interface RetryOptions {
  /** attempts beside the first, 0 to 100; then the event goes to the dead letters */
  readonly times?: number;
  /** the pause before the first of them, doubled each time, and the longest */
  readonly backoff?: string;
}
