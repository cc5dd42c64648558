import type { PluginCounters, PluginState, PluginStatus, RuntimeFigures } from './plugin-status.js';
import { noCounts } from './running/reader-surroundings.js';

/** All plugins that are enabled, and all logic servers elsewhere, taken together. */
export interface LogicFigures {
  readonly enabled: number;
  /** of them; the others are starting or stopped */
  readonly running: number;
  readonly paused: number;
  readonly restarting: number;
  readonly failed: number;
  /** turns that wait in memory */
  readonly queued: number;
  /** entries of the journal that the one which is farthest behind has not come to */
  readonly mostBehind: number;
  /** age of the oldest event that one of them is not done with, ms */
  readonly maxLagMs: number;
  readonly openTurns: number;
  readonly retrying: number;
  readonly deadLetters: number;
  readonly counters: PluginCounters;
  readonly workers: WorkerSums;
}

/** What all worker threads use, those of candidate versions included. */
export interface WorkerSums extends RuntimeFigures {
  readonly count: number;
}

/** Sums of what the plugins tell of themselves. @param plugins those that are switched off may be among them */
export function logicFigures(plugins: readonly PluginStatus[]): LogicFigures {
  const enabled = plugins.filter(({ state }) => state !== 'disabled');
  const inState = (wanted: PluginState) => enabled.filter(({ state }) => state === wanted).length;
  const sum = (figure: (plugin: PluginStatus) => number) => enabled.reduce((all, plugin) => all + figure(plugin), 0);
  const most = (figure: (plugin: PluginStatus) => number) => Math.max(0, ...enabled.map(figure));
  return {
    enabled: enabled.length,
    running: inState('running'),
    paused: inState('paused'),
    restarting: inState('restarting'),
    failed: inState('failed'),
    queued: sum(({ queued }) => queued),
    mostBehind: most(({ behind }) => behind),
    maxLagMs: most(({ lagMs }) => lagMs),
    openTurns: sum(({ openTurns }) => openTurns),
    retrying: sum(({ retrying }) => retrying),
    deadLetters: sum(({ deadLetters }) => deadLetters),
    counters: counterSums(enabled),
    workers: workerSums(enabled),
  };
}

function counterSums(plugins: readonly PluginStatus[]): PluginCounters {
  const sums = noCounts();
  for (const { counters } of plugins) {
    for (const name of Object.keys(sums) as (keyof PluginCounters)[]) sums[name] += counters[name];
  }
  return sums;
}

function workerSums(plugins: readonly PluginStatus[]): WorkerSums {
  const workers = plugins
    .flatMap(({ worker, shadow }) => [worker, shadow?.worker])
    .filter((each) => each !== undefined);
  const sum = (name: keyof RuntimeFigures) => workers.reduce((all, figures) => all + figures[name], 0);
  return {
    count: workers.length,
    heapBytes: sum('heapBytes'),
    bufferBytes: sum('bufferBytes'),
    maxMemoryBytes: sum('maxMemoryBytes'),
    cpuMs: sum('cpuMs'),
    restarts: sum('restarts'),
  };
}
