import type { Story } from './explaining/story.js';
import type { PluginDescription } from './inspection/description.js';
import type { Isolation } from './plugin-entry.js';
import type { TimerPage, TimerQuery, WaitingTimer } from './store/waiting-timers.js';

/** What became of a plugin since the hub was started. */
export interface PluginStatus {
  /** its key in `plugins` of the configuration, or its folder's name */
  readonly name: string;
  /** of its first logic server; undefined as long as it was not loaded */
  readonly version: string | undefined;
  /** its file, or, when it was not found, what the configuration says; undefined: neither is known */
  readonly from: string | undefined;
  readonly state: PluginState;
  /** a sentence; undefined unless it failed, is started again, or is paused */
  readonly reason: string | undefined;
  /** where it runs; undefined: it was not loaded, and nobody has said */
  readonly isolation: Isolation | undefined;
  /** undefined: it runs inline, where nobody can tell */
  readonly worker: RuntimeFigures | undefined;
  /** patterns of its handlers and pipelines, each once */
  readonly patterns: readonly string[];
  /** turns that wait, in memory; those that are to be tried again are among them */
  readonly queued: number;
  /** entries of the journal that it has not come to yet, those for other plugins included */
  readonly behind: number;
  /** age of the oldest event that it is not done with, ms; 0: there is none */
  readonly lagMs: number;
  /** turns that failed and wait to be tried again */
  readonly retrying: number;
  /** turns that were given up for good and can be driven again */
  readonly deadLetters: number;
  /** how long its handlers take, ms; undefined: none has ended yet */
  readonly handlerMs: { readonly p50: number; readonly p99: number } | undefined;
  /** turns whose handler has not resolved yet */
  readonly openTurns: number;
  readonly counters: PluginCounters;
  /** how its candidate version does; undefined: it has none */
  readonly shadow?: ShadowStatus | undefined;
}

/** A candidate version of a plugin that runs beside it, without any effect. */
export interface ShadowStatus
  extends Pick<
    PluginStatus,
    'version' | 'from' | 'state' | 'reason' | 'isolation' | 'worker' | 'queued' | 'behind' | 'lagMs' | 'handlerMs'
  > {
  readonly counters: PluginCounters;
  readonly compared: ShadowCounts;
}

/** Since the start. */
export interface ShadowCounts {
  /** commands that the plugin sent, and that the shadow would have sent */
  readonly live: number;
  readonly shadow: number;
  /** that both sent; those that were moved are among them */
  readonly same: number;
  /** that the shadow would not have sent */
  readonly missing: number;
  /** that it would have sent beside those */
  readonly extra: number;
  /** with other params or options */
  readonly changed: number;
  /** the same for another event, or in another order */
  readonly moved: number;
  /** that were not compared: too many waited for their like */
  readonly uncompared: number;
  /** what the shadow asked for beside commands, which is not compared */
  readonly jobs: number;
  readonly messages: number;
  readonly outboxItems: number;
}

/** Something that a shadow does otherwise. */
export interface ShadowDifference {
  readonly is: 'missing' | 'extra' | 'changed' | 'moved';
  /** unix ms when it was found */
  readonly at: number;
  readonly device: string;
  readonly name: string;
  /** undefined: the plugin did not send it */
  readonly live: ShadowCommand | undefined;
  /** undefined: the shadow would not send it */
  readonly shadow: ShadowCommand | undefined;
}

/** A command as it is compared. */
export interface ShadowCommand {
  /** unix ms */
  readonly at: number;
  readonly params: unknown;
  readonly handler: string;
  /** what its turn was for: `event devices/fan-1/events/temperature 1700000000:0` */
  readonly by: string;
}

export interface ShadowReport {
  readonly status: ShadowStatus;
  /** the last ones, the newest first */
  readonly differences: readonly ShadowDifference[];
}

/**
 * `paused`: everything fails, and one turn is tried now and then. `restarting`: its worker has ended, and another one is
 * started after a pause. `stopped`: the hub is stopping.
 */
export type PluginState = 'disabled' | 'starting' | 'running' | 'paused' | 'restarting' | 'failed' | 'stopped';

/** What a plugin uses that runs in a thread of its own. */
export interface RuntimeFigures {
  /** its heap, in use */
  readonly heapBytes: number;
  /** buffers and the like, which are not in the heap */
  readonly bufferBytes: number;
  /** what both together may come to */
  readonly maxMemoryBytes: number;
  /** processor time, ms */
  readonly cpuMs: number;
  /** how often its thread has ended and was started again */
  readonly restarts: number;
}

/** Since the start. */
export interface PluginCounters {
  /** events that matched a pattern, once for each handler and pipeline */
  readonly events: number;
  /** handler calls whose effects were committed */
  readonly turns: number;
  /** turns that skipped their event; they are in `turns` */
  readonly skipped: number;
  /** attempts that threw, rejected, took too long or could not be committed, and pipelines that failed */
  readonly failed: number;
  /** attempts that were given up for their time; they are in `failed` */
  readonly timedOut: number;
  /** attempts that were made again after one that failed */
  readonly retries: number;
  /** attempts that were made again because somebody changed what they had read */
  readonly conflicts: number;
  /** turns that were given up for good */
  readonly buried: number;
  /** dead letters that were dropped for newer ones */
  readonly lettersDropped: number;
  /** entries that the journal dropped before the plugin saw them, at most: some may have been for others */
  readonly lost: number;
  /** commands, jobs and messages that no grant, or no rate, allowed */
  readonly refused: number;
  /** events whose payload was not what the class demands */
  readonly invalid: number;
  /** events for pipelines that found the queue full, or a pipeline that was ended or waits to be started again */
  readonly dropped: number;
  readonly commands: number;
  readonly jobs: number;
  readonly messages: number;
  /** errors and rejections that nobody in the plugin caught, after or beside its turns */
  readonly lateFaults: number;
}

/** A turn that was given up for good. */
export interface DeadLetter {
  readonly id: string;
  /** unix ms */
  readonly at: number;
  readonly handler: string;
  /** of the logic server that gave it up */
  readonly version: string;
  readonly kind: 'event' | 'outcome' | 'timer' | 'outbox';
  /** what it was for, in one line */
  readonly about: string;
  /** what went wrong at the last attempt */
  readonly error: string;
  readonly attempts: number;
  /** the event's body, or what the timer or the item was given: text where it is UTF-8 */
  readonly payload: string;
}

/** What came of driving a dead letter again. */
export interface RedriveResult {
  readonly isDone: boolean;
  /** what went wrong; undefined: nothing */
  readonly error: string | undefined;
}

/** The plugins of this hub, those that are switched off and those that failed included. */
export abstract class Plugins {
  /** In the order of their names. */
  abstract list(): readonly PluginStatus[];
  /**
   * What a plugin's code says of itself, as it runs.
   * @throws HubError `plugin_not_found`, `plugin_failed` when it is not loaded
   */
  abstract describe(plugin: string): PluginDescription;
  /**
   * Why a plugin did nothing about an event, or what it did.
   * @param event `CHANNEL@POSITION`, or as causes and dead letters have it
   * @throws HubError `plugin_not_found`, `bad_request` for what names no event
   */
  abstract whyNot(plugin: string, event: string): Promise<Story>;
  /**
   * A page of a plugin's timers that wait. Their times are unix ms of the machine's clock.
   * @throws HubError `plugin_not_found`
   */
  abstract timers(plugin: string, query: TimerQuery): Promise<TimerPage>;
  /** @throws HubError `plugin_not_found`, `timer_not_found` */
  abstract timer(plugin: string, name: string, key: string): Promise<WaitingTimer>;
  /**
   * Up to `limit` dead letters of a plugin behind `after`, the oldest first.
   * @param after an id, or ''
   * @throws HubError `plugin_not_found`
   */
  abstract deadLetters(plugin: string, after: string, limit: number): Promise<readonly DeadLetter[]>;
  /** @throws HubError `plugin_not_found`, `dead_letter_not_found` */
  abstract deadLetter(plugin: string, id: string): Promise<DeadLetter>;
  /**
   * Calls the handler once more; on success the letter is gone.
   * @throws HubError `plugin_not_found`, `dead_letter_not_found`, `plugin_failed` when the plugin does not run
   */
  abstract redrive(plugin: string, id: string): Promise<RedriveResult>;
  /**
   * How a plugin's candidate version does, and what it does otherwise.
   * @throws HubError `plugin_not_found`, `shadow_not_found`
   */
  abstract shadow(plugin: string): ShadowReport;
  /**
   * Loads its code anew and goes on with it.
   * @throws HubError `plugin_not_found`, `plugin_failed`: it goes on as it was, if it ran
   */
  abstract reload(plugin: string): Promise<PluginStatus>;
  /**
   * The same with its candidate version, as it is now.
   * @throws HubError `plugin_not_found`, `shadow_not_found`, `plugin_failed`: it goes on as it was, if it ran
   */
  abstract reloadShadow(plugin: string): Promise<ShadowReport>;
  /** @throws HubError `plugin_not_found`, `dead_letter_not_found` */
  abstract deleteDeadLetter(plugin: string, id: string): Promise<void>;
}
