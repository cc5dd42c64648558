import { parentPort, workerData } from 'node:worker_threads';
import type { MessageEnd } from './line.js';
import { PluginWorker } from './plugin-worker.js';
import type { WorkerStart } from './protocol.js';

/** Where a plugin's worker thread begins. */
await new PluginWorker(parentPort as MessageEnd, workerData as WorkerStart).load();
