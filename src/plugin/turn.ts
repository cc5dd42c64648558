import type { Logger } from '../telemetry/logger.js';

export interface MessageOptions {
  /** `application/json` by default for what is written as JSON, `text/plain` for text, none for bytes */
  readonly contentType?: string;
}

/**
 * One call of a handler. What it asks for is collected, and done together once the handler has returned or its promise
 * has resolved: all of it, with the note that the event is dealt with, or nothing. A handler that throws, rejects or is
 * given up has asked for nothing.
 */
export interface Turn {
  /**
   * Sends a command to a device.
   * @param params anything that JSON can say, as it is at the time of the call
   * @throws HubError `not_granted`, `rate_exceeded`, `invalid_device_id`, `invalid_payload`, `loop_broken`; `turn_limit`,
   * `turn_over`
   */
  command(device: string, name: string, params?: unknown, options?: TurnCommandOptions): void;
  /**
   * Sends the same command to many devices, as one job: at a rate, canaries first, and no further when too much fails.
   * @param params anything that JSON can say, as it is at the time of the call
   * @returns the job's id, which the outcomes of its commands name as `job`
   * @throws HubError `not_granted`, `invalid_device_id`, `invalid_payload`, `loop_broken`; `turn_limit`, `turn_over`. The
   * turn fails with `job_limit` while as many jobs are not over as the hub allows
   */
  startJob(devices: JobDevices, name: string, params?: unknown, options?: TurnJobOptions): string;
  /**
   * Cancels a job that this plugin has started: it sends nothing more, and takes back what still waits for its devices.
   * Nothing happens when it is over, or forgotten.
   * @throws HubError `invalid_payload`; `turn_limit`, `turn_over`. The turn fails with `not_granted` for a job of others
   */
  cancelJob(id: string): void;
  /**
   * Publishes a message.
   * @param channel its id, without a group. Commands are not published but sent, with `command`
   * @param body text and bytes go as they are, all else as JSON, as it is at the time of the call
   * @throws HubError `not_granted`, `invalid_payload`, `loop_broken`; `turn_limit`, `turn_over`
   */
  publish(channel: string, body: unknown, options?: MessageOptions): void;
  /** What the plugin keeps over turns and restarts. */
  readonly state: TurnState;
  readonly timers: TurnTimers;
  readonly outbox: TurnOutbox;
  /** Says why there is nothing to do. What was asked for before is not done, and nothing can be asked for any more. */
  skip(reason: string): void;
  /** 1 for the first; a turn that failed comes again */
  readonly attempt: number;
  /**
   * Events and outcomes that this plugin will never be called for, at most, because the hub dropped them before it had
   * come to them: it was away or behind for longer than the journal keeps. 0 nearly always. Said by the first turns after
   * the gap, so that a plugin can set right what it believes of its devices.
   */
  readonly lost: number;
  /** Writes to the hub's log, with the plugin, the handler and the device beside the facts given. */
  readonly log: Logger;
}

/** What the device is told, beside the name and the params; what is left out has the hub's default. */
export interface TurnCommandOptions {
  /** how long it may wait for its device, as in `10m` */
  readonly ttl?: string;
  /** how long the device may take for a result, as in `30s` */
  readonly timeout?: string;
  /** the least that counts as success */
  readonly ack?: 'none' | 'delivered' | 'result';
  /** takes the place of the commands with the same key that still wait */
  readonly key?: string;
  /** commands of one lane stay in order; `urgent` passes all others */
  readonly lane?: string;
  /** 0 to 9; higher ones overtake lower ones of their lane */
  readonly priority?: number;
}

/** The devices of a job: a list of up to 10,000, or those registered that a pattern and attributes find. */
export type JobDevices =
  | readonly string[]
  | {
      /** of ids, with `*` for any characters */
      readonly pattern?: string;
      /** values that attributes have, or what these begin with */
      readonly attributes?: Readonly<Record<string, string | number | boolean | null | { readonly prefix: string }>>;
    };

/** How a job goes on, beside what its command is told. */
export interface TurnJobOptions extends TurnCommandOptions {
  /** commands a second, minute or hour, as in `10/s`; `100/s` when left out */
  readonly rate?: string;
  /** the first devices, which must all succeed within a time (`1h` when left out) before the others are sent anything */
  readonly canary?: ({ readonly devices: number } | { readonly percent: number }) & { readonly within?: string };
  /** stops it at so many failures, or at a percentage once `atLeast` (10) devices have succeeded or failed */
  readonly stopOnFailure?: { readonly count?: number; readonly percent?: number; readonly atLeast?: number };
}

export interface TurnState {
  /** What is kept for a key, usually a device. @throws HubError `invalid_payload` */
  for(key: string): StateEntries;
  /** What is kept for all keys together. */
  readonly global: StateEntries;
}

/**
 * Named values. Reads show what the turn itself has set. A value that was read and then set is written only if nobody has
 * changed it meanwhile; else the handler is called again.
 */
export interface StateEntries {
  /** undefined: there is none */
  get<T = unknown>(name: string): Promise<T | undefined>;
  /** @param value anything that JSON can say. @throws HubError `invalid_payload`, `state_full`; `turn_limit`, `turn_over` */
  set(name: string, value: unknown): void;
  delete(name: string): void;
  /** Up to 1,000 values whose names begin with `prefix`, by name. */
  list<T = unknown>(prefix?: string): Promise<readonly { readonly name: string; readonly value: T }[]>;
}

export interface TimerOptions {
  /** repeats it, each time that much later, as in `1h` */
  readonly every?: string;
  /**
   * What becomes of a timer that was due more than a minute ago, for the hub or the plugin was down: `fireOnce`, the
   * default, calls once; `skip` does not call; `each` calls once for every time that passed.
   */
  readonly missed?: 'fireOnce' | 'skip' | 'each';
  /** anything that JSON can say; the handler gets it */
  readonly data?: unknown;
}

/** Durable timers: one for each name and key. */
export interface TurnTimers {
  /**
   * Calls `@OnTimer(name)` once that time has passed; a timer of the same name and key is replaced.
   * @param after 1 second to 10 years, as in `15m`
   * @param key a device's id, or any text like one; the turn's own when left out
   * @throws HubError `invalid_payload`, `timer_limit`; `turn_limit`, `turn_over`
   */
  set(name: string, after: string, key?: string, options?: TimerOptions): void;
  /** Nothing happens when there is no such timer. */
  cancel(name: string, key?: string): void;
}

export interface TurnOutbox {
  /**
   * Has `@OnOutbox(name)` called once the turn is committed.
   * @param data anything that JSON can say
   * @param key items of one key are done one after the other; left out: each for itself
   * @throws HubError `invalid_payload`, `outbox_full`; `turn_limit`, `turn_over`
   */
  put(name: string, data: unknown, key?: string): void;
}
