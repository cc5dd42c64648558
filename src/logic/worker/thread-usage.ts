import { performance } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { WorkerUsage } from './protocol.js';

/** Newer versions of Node know the processor time of a thread. */
interface ThreadClock {
  threadCpuUsage?(): { readonly user: number; readonly system: number };
}

/** What the thread that asks uses. */
export function threadUsage(): WorkerUsage {
  const { used_heap_size: heapBytes, external_memory: bufferBytes } = getHeapStatistics();
  return { heapBytes, bufferBytes, cpuMs: Math.round(cpuMs()) };
}

function cpuMs(): number {
  const used = (process as ThreadClock).threadCpuUsage?.();
  return used ? (used.user + used.system) / 1_000 : performance.eventLoopUtilization().active;
}
