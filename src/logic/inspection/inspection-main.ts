import { parentPort, workerData } from 'node:worker_threads';
import { loadPlugin } from '../loading/load-plugin.js';
import { messageOf } from '../running/reader-surroundings.js';
import type { Inspected } from './inspect-plugin.js';
import { describePlugin } from './plugin-description.js';

/** Where the thread begins in which a plugin's module is imported to be looked at. */
parentPort?.postMessage(await inspected(workerData as string));

async function inspected(file: string): Promise<Inspected> {
  try {
    return { description: describePlugin(await loadPlugin(file)) };
  } catch (error) {
    return { fault: messageOf(error) };
  }
}
