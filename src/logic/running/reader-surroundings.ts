import type { Clock } from '../../channels/clock.js';
import type { DeadlineWheel } from '../../channels/deadline-wheel.js';
import type { Logger } from '../../telemetry/logger.js';
import type { Decisions } from '../explaining/decisions.js';
import type { LogicLimits } from '../logic-limits.js';
import type { PluginCounters } from '../plugin-status.js';
import type { PluginZone } from '../plugin-zone.js';
import type { ThrottledLog } from './throttled-log.js';

export type Counters = { -readonly [Name in keyof PluginCounters]: PluginCounters[Name] };

/** What a plugin's readers share. */
export interface ReaderSurroundings {
  readonly zone: PluginZone;
  readonly counters: Counters;
  /** what its turns came to, for whoever asks why */
  readonly decisions: Decisions;
  readonly wheel: DeadlineWheel;
  readonly clock: Clock;
  readonly limits: LogicLimits;
  /** what the plugin itself writes; facts name the plugin */
  readonly logger: Logger;
  /** what the hub says about it, and may have to say with every event */
  readonly warnings: ThrottledLog;
  /** The plugin cannot go on; the sentence becomes its reason. */
  fail(reason: string): void;
}

export function noCounts(): Counters {
  return {
    events: 0,
    turns: 0,
    skipped: 0,
    failed: 0,
    timedOut: 0,
    retries: 0,
    conflicts: 0,
    buried: 0,
    lettersDropped: 0,
    lost: 0,
    refused: 0,
    invalid: 0,
    dropped: 0,
    commands: 0,
    jobs: 0,
    messages: 0,
    lateFaults: 0,
  };
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return 'something that cannot be shown';
  }
}
