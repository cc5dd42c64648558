import { parentPort, workerData } from 'node:worker_threads';
import { takeParentPort } from './parent-port.js';
import { PluginWorker } from './plugin-worker.js';
import type { WorkerStart } from './protocol.js';

/** Where a plugin's worker thread begins. */
await new PluginWorker(takeParentPort(parentPort), workerData as WorkerStart).load();
