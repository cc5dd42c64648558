/** What this process uses of the machine. */
export interface ProcessStats {
  /** resident memory */
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
  /** memory of Buffers and of native objects, beside the heap */
  readonly externalBytes: number;
  /** CPU time since the start */
  readonly cpuUserMs: number;
  readonly cpuSystemMs: number;
  /** seconds since the process started */
  readonly uptimeSeconds: number;
}

const US_PER_MS = 1000;

export function processStats(): ProcessStats {
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    rssBytes: rss,
    heapUsedBytes: heapUsed,
    heapTotalBytes: heapTotal,
    externalBytes: external,
    cpuUserMs: Math.round(user / US_PER_MS),
    cpuSystemMs: Math.round(system / US_PER_MS),
    uptimeSeconds: Math.floor(process.uptime()),
  };
}
