import { extname } from 'node:path';
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { systemClock } from '../../channels/clock.js';
import { logicLimits } from '../logic-limits.js';
import type { PluginEntry } from '../plugin-entry.js';
import { within } from '../within.js';

/** What a thread is to find out about the plugin that begins with a file. */
export interface Inquiry {
  /** absolute */
  readonly file: string;
  /** settings that are to be checked; left out: the plugin is described */
  readonly entry?: Pick<PluginEntry, 'name' | 'config'>;
}

export interface ThreadOptions extends WorkerOptions {
  /** for the whole of it; left out: what the hub gives a plugin to be loaded */
  readonly timeoutMs?: number;
}

/** What it has found, or why it could not look. */
export type Finding<T> = { readonly found: T } | { readonly fault: string };

const MAIN = new URL(`./inspection-main${extname(import.meta.url)}`, import.meta.url);

/**
 * Imports a plugin's module in a thread that is thrown away afterwards, also when the module never comes to its end. Nothing
 * of the plugin is made or started; what it prints is not shown.
 */
export async function findOut<T>(
  inquiry: Inquiry,
  { timeoutMs = logicLimits.openTimeoutMs, ...options }: ThreadOptions = {},
): Promise<Finding<T>> {
  const worker = new Worker(MAIN, { ...options, workerData: inquiry, stdout: true, stderr: true });
  try {
    return await within(systemClock, timeoutMs, findingOf<T>(worker), () => ({
      fault: `it was not loaded within ${timeoutMs / 1_000} s`,
    }));
  } finally {
    await worker.terminate();
  }
}

function findingOf<T>(worker: Worker): Promise<Finding<T>> {
  return new Promise((resolve) => {
    // What the plugin's own code sends is passed over.
    worker.on('message', (message: unknown) => {
      if (isFinding<T>(message)) resolve(message);
    });
    worker.once('error', (error: Error) => resolve({ fault: error.message }));
    worker.once('exit', (code) => resolve({ fault: `it has ended the thread with exit code ${code}` }));
  });
}

function isFinding<T>(message: unknown): message is Finding<T> {
  return typeof message === 'object' && message !== null && ('found' in message || 'fault' in message);
}
