import type { Clock } from '../../channels/clock.js';

/** The clock as one life of a hub has it: when that ends, all its ticking does. */
export class LifeClock implements Clock {
  private readonly stops = new Set<() => void>();

  constructor(private readonly clock: Clock) {}

  now(): number {
    return this.clock.now();
  }

  uptime(): number {
    return this.clock.uptime();
  }

  every(periodMs: number, tick: () => void, nextWork?: () => number): () => void {
    const end = this.clock.every(periodMs, tick, nextWork);
    const stop = () => {
      this.stops.delete(stop);
      end();
    };
    this.stops.add(stop);
    return stop;
  }

  end(): void {
    for (const stop of [...this.stops]) stop();
  }
}
