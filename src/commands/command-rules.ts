import type { LifeRules } from './life/fact.js';

/** What holds for all commands of a hub: the keys of `devices` in the configuration. Times in ms. */
export interface CommandRules extends LifeRules {
  /** how long a command may wait for its device, unless it says otherwise */
  readonly ttlMs: number;
  /** how long a device may take for a result, unless the command says otherwise */
  readonly timeoutMs: number;
  /** how long a device may be silent with a command in its hands, unless its poll says otherwise */
  readonly leaseMs: number;
  /** commands of one lane that a device may hold at a time, unless its poll asks for more */
  readonly maxInFlight: number;
  /** commands of one device that have not ended */
  readonly maxQueued: number;
  /** bytes of their names and params */
  readonly maxQueuedBytes: number;
  /** at the limit: refuse the new command, or cancel the oldest that waits */
  readonly whenFull: 'reject' | 'drop-oldest';
  /** how long an ended command can be looked up */
  readonly retentionMs: number;
  /** ended commands that are kept, over all devices; past it those that ended first are forgotten before their time */
  readonly maxEnded: number;
  /** and of one device, those that were sent first */
  readonly maxEndedOfDevice: number;
  /** how long an Idempotency-Key is remembered */
  readonly idempotencyMs: number;
  /** jobs that are kept; past it the oldest that is over is forgotten before its time */
  readonly maxJobs: number;
  /** jobs that are not over: those that run, are paused or have stopped */
  readonly maxRunningJobs: number;
  /** how long a job may stay paused or stopped before it is canceled */
  readonly jobPauseMs: number;
  /** devices of one job */
  readonly maxJobDevices: number;
  /** outcomes kept for one device */
  readonly outcomeBufferLength: number;
  /** 0: outcomes do not expire */
  readonly outcomeTimeoutMs: number;
}
