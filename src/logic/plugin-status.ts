/** What became of a plugin since the hub was started. */
export interface PluginStatus {
  /** its key in `plugins` of the configuration, or its folder's name */
  readonly name: string;
  /** of its first logic server; undefined as long as it was not loaded */
  readonly version: string | undefined;
  /** its file, or, when it was not found, what the configuration says; undefined: neither is known */
  readonly from: string | undefined;
  readonly state: PluginState;
  /** a sentence; undefined unless it failed */
  readonly reason: string | undefined;
  /** patterns of its handlers and pipelines, each once */
  readonly patterns: readonly string[];
  /** events that wait for a turn */
  readonly queued: number;
  /** turns whose handler has not resolved yet */
  readonly openTurns: number;
  readonly counters: PluginCounters;
}

/** `stopped`: the hub is stopping. */
export type PluginState = 'disabled' | 'starting' | 'running' | 'failed' | 'stopped';

/** Since the start. */
export interface PluginCounters {
  /** events that matched a pattern, once for each handler and pipeline */
  readonly events: number;
  /** handler calls whose effects were applied */
  readonly turns: number;
  /** turns that threw, rejected or whose effects could not be applied, and pipelines that failed */
  readonly failed: number;
  /** turns that were given up for their time; not in `failed` */
  readonly timedOut: number;
  /** events whose payload was not what the class demands */
  readonly invalid: number;
  /** events that found the queue full, or a pipeline that was ended or waits to be started again */
  readonly dropped: number;
  readonly commands: number;
  readonly messages: number;
  /** errors and rejections that nobody in the plugin caught, after or beside its turns */
  readonly lateFaults: number;
}

/** The plugins of this hub, those that are switched off and those that failed included. */
export abstract class Plugins {
  /** In the order of their names. */
  abstract list(): readonly PluginStatus[];
}
