import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';

/** Whose code runs, and who is told when something that it began fails with nobody to catch it. */
export interface PluginZone {
  lateFault(error: unknown): void;
}

/** What of the process tells of faults that nobody caught. */
export type FaultSource = Pick<NodeJS.Process, 'on' | 'off' | 'listenerCount'>;

const zones = new AsyncLocalStorage<PluginZone | undefined>();
/** Of each zone the context that its code runs in: entering one costs less than making one for every turn. */
const contexts = new WeakMap<PluginZone, AsyncResource>();

/** Runs a plugin's code: what it throws is thrown, and what it leaves behind fails in its zone. */
export function inZone<Args extends unknown[], T>(zone: PluginZone, run: (...args: Args) => T, ...args: Args): T {
  return contextOf(zone).runInAsyncScope(run as (...args: unknown[]) => T, undefined, ...args);
}

function contextOf(zone: PluginZone): AsyncResource {
  let context = contexts.get(zone);
  if (!context) {
    context = zones.run(zone, () => new AsyncResource('PluginZone'));
    contexts.set(zone, context);
  }
  return context;
}

/** Runs the hub's own code on behalf of a plugin: what fails here is the hub's fault. */
export function outOfZone<T>(run: () => T): T {
  return zones.run(undefined, run);
}

interface Listening {
  owners: number;
  readonly stop: () => void;
}

const listening = new Map<FaultSource, Listening>();
const FAULTS = ['unhandledRejection', 'uncaughtException'] as const;

/**
 * Keeps errors and rejections that a plugin's code left uncaught from ending the process; its zone is told. Those of the
 * hub itself end the process as ever, unless somebody else listens for them, as test runners do. Several hubs in one process
 * share one pair of listeners.
 * @returns ends it for this caller
 */
export function catchLateFaults(source: FaultSource = process): () => void {
  const current = listening.get(source) ?? { owners: 0, stop: listen(source) };
  current.owners++;
  listening.set(source, current);
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    if (--current.owners > 0) return;
    listening.delete(source);
    current.stop();
  };
}

/** In a thread that is a plugin's alone, whatever nobody caught is the plugin's. */
export function catchAllFaults(zone: PluginZone): void {
  const tell = (error: unknown) => zone.lateFault(error);
  process.on('unhandledRejection', tell).on('uncaughtException', tell);
}

/**
 * Tells the plugin whose code runs of an error that nobody caught.
 * @throws the error when that is no plugin's
 */
export function tellZone(error: unknown): void {
  const zone = zones.getStore();
  if (!zone) throw error;
  outOfZone(() => zone.lateFault(error));
}

/** Both events come in the asynchronous context of what failed. Throwing in their listener ends the process. */
function listen(source: FaultSource): () => void {
  const stops = FAULTS.map((fault) => {
    const listener = (error: unknown) => {
      const isOthers = zones.getStore() === undefined && source.listenerCount(fault) > 1;
      if (!isOthers) tellZone(error);
    };
    source.on(fault, listener);
    return () => source.off(fault, listener);
  });
  return () => {
    for (const stop of stops) stop();
  };
}
