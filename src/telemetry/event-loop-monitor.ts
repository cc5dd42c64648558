import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '../channels/clock.js';

/** How late the event loop ran what was due, in ms. */
export interface EventLoopDelay {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/**
 * How often it looks: a stall that is longer than this is seen always, a shorter one when a look was due in it. Each look
 * wakes a hub that has nothing to do.
 */
const RESOLUTION_MS = 50;
const WINDOW_MS = 60_000;
const NS_PER_MS = 1e6;

/**
 * Measures the event loop's delay over the last one to two minutes: two histograms are emptied in turn, and the one
 * emptied earlier is read, so that neither a reader nor an old stall changes the figures of now. They look at the same
 * moments, which wakes the loop once.
 */
export class EventLoopMonitor {
  private read: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private next: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  private stopTurning: (() => void) | undefined;

  constructor(private readonly clock: Pick<Clock, 'every'>) {}

  /** Begins to measure; nothing happens when it measures already. */
  start(): void {
    if (this.stopTurning) return;
    this.read.enable();
    this.next.enable();
    this.stopTurning = this.clock.every(WINDOW_MS, () => this.turn());
  }

  stop(): void {
    this.stopTurning?.();
    this.stopTurning = undefined;
    this.read.disable();
    this.next.disable();
  }

  /** The figures so far; all 0 when nothing was measured. */
  delay(): EventLoopDelay {
    const { read } = this;
    return { p50Ms: beyondResolution(read, 50), p99Ms: beyondResolution(read, 99), maxMs: beyondResolution(read, 100) };
  }

  private turn(): void {
    [this.read, this.next] = [this.next, this.read];
    this.next.reset();
  }
}

/** The histogram counts from one tick to the next; what is above the time between two ticks is delay. */
function beyondResolution(histogram: IntervalHistogram, percentile: number): number {
  // The percentiles of an empty histogram are no figures.
  if (histogram.max === 0) return 0;
  const betweenTicksMs = histogram.percentile(percentile) / NS_PER_MS;
  return Math.max(0, Math.round((betweenTicksMs - RESOLUTION_MS) * 1000) / 1000);
}
