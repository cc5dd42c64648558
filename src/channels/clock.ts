/** Where time comes from, so that tests run in virtual time. Nothing else asks the machine for the time. */
export interface Clock {
  /** unix ms; may go back when an operator sets the machine's clock */
  now(): number;
  /** ms from an unknown start; never goes back. Deadlines are counted in it. */
  uptime(): number;
  /** Calls `tick` about every `periodMs` until the returned function is called. Does not keep the process alive. */
  every(periodMs: number, tick: () => void): () => void;
}

/**
 * The machine's time, asked for once a turn of the event loop: serving one request looks at the time a dozen times, which
 * would cost a microsecond.
 */
class SystemClock implements Clock {
  private isKnown = false;
  private unixMs = 0;
  private uptimeMs = 0;

  now(): number {
    if (!this.isKnown) this.look();
    return this.unixMs;
  }

  uptime(): number {
    if (!this.isKnown) this.look();
    return this.uptimeMs;
  }

  every(periodMs: number, tick: () => void): () => void {
    const timer = setInterval(tick, periodMs);
    timer.unref();
    return () => clearInterval(timer);
  }

  private look(): void {
    this.unixMs = Date.now();
    this.uptimeMs = performance.now();
    this.isKnown = true;
    setImmediate(this.forget);
  }

  private readonly forget = (): void => {
    this.isKnown = false;
  };
}

export const systemClock: Clock = new SystemClock();
