import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { systemClock } from '../../channels/clock.js';
import { HubError } from '../../channels/hub-error.js';
import { within } from '../within.js';
import type { PluginDescription } from './plugin-description.js';

/** What the thread answers. */
export type Inspected = { readonly description: PluginDescription } | { readonly fault: string };

const TIMEOUT_MS = 10_000;
const MAX_HEAP_MIB = 128;
const MAIN = new URL(`./inspection-main${extname(import.meta.url)}`, import.meta.url);

/**
 * Reads what a plugin says of itself: its module is imported in a thread that is thrown away afterwards, which has neither a
 * hub nor the environment of this process. Nothing of the plugin is made or started; what it prints is not shown.
 * @param file that the plugin begins with, absolute
 * @param execArgv Node's options for the thread; left out: those of the process
 * @throws HubError `plugin_failed` with the reason
 */
export async function inspectPlugin(file: string, execArgv?: readonly string[]): Promise<PluginDescription> {
  const worker = new Worker(MAIN, {
    ...{ workerData: file, env: {}, stdout: true, stderr: true },
    resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB },
    ...(execArgv && { execArgv: [...execArgv] }),
  });
  try {
    const answer = await within(systemClock, TIMEOUT_MS, answerOf(worker), () => {
      throw failure(file, `it was not loaded within ${TIMEOUT_MS / 1_000} s`);
    });
    if ('description' in answer) return answer.description;
    throw failure(file, answer.fault);
  } finally {
    await worker.terminate();
  }
}

function answerOf(worker: Worker): Promise<Inspected> {
  return new Promise((resolve) => {
    // What the plugin's own code sends is passed over.
    worker.on('message', (message: unknown) => {
      if (isInspected(message)) resolve(message);
    });
    worker.once('error', (error: Error) => resolve({ fault: error.message }));
    worker.once('exit', (code) => resolve({ fault: `it has ended the thread with exit code ${code}` }));
  });
}

function isInspected(message: unknown): message is Inspected {
  return typeof message === 'object' && message !== null && ('description' in message || 'fault' in message);
}

function failure(file: string, reason: string): HubError {
  return new HubError('plugin_failed', `The plugin ${file} cannot be looked at: ${reason.replace(/\.?$/, '.')}`);
}
