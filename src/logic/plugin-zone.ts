import { AsyncLocalStorage } from 'node:async_hooks';

/** Whose code runs, and who is told when something that it began fails with nobody to catch it. */
export interface PluginZone {
  lateFault(error: unknown): void;
}

/** What of the process tells of faults that nobody caught. */
export type FaultSource = Pick<NodeJS.Process, 'on' | 'off'>;

const zones = new AsyncLocalStorage<PluginZone | undefined>();

/** Runs a plugin's code: what it throws is thrown, and what it leaves behind fails in its zone. */
export function inZone<Args extends unknown[], T>(zone: PluginZone, run: (...args: Args) => T, ...args: Args): T {
  return zones.run(zone, run, ...args);
}

/** Runs the hub's own code on behalf of a plugin: what fails here is the hub's fault. */
export function outOfZone<T>(run: () => T): T {
  return zones.run(undefined, run);
}

const owners = new Map<FaultSource, number>();

/**
 * Keeps errors and rejections that a plugin's code left uncaught from ending the process; its zone is told. Those of the
 * hub itself end the process as ever. Several hubs in one process share one pair of listeners.
 * @returns ends it for this caller
 */
export function catchLateFaults(source: FaultSource = process): () => void {
  const count = owners.get(source) ?? 0;
  if (count === 0) source.on('unhandledRejection', tellZone).on('uncaughtException', tellZone);
  owners.set(source, count + 1);
  let isOver = false;
  return () => {
    if (isOver) return;
    isOver = true;
    const left = (owners.get(source) ?? 1) - 1;
    owners.set(source, left);
    if (left > 0) return;
    owners.delete(source);
    source.off('unhandledRejection', tellZone).off('uncaughtException', tellZone);
  };
}

/** Both events come in the asynchronous context of what failed. Throwing in their listener ends the process. */
function tellZone(error: unknown): void {
  const zone = zones.getStore();
  if (!zone) throw error;
  outOfZone(() => zone.lateFault(error));
}
