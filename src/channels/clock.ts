/** Where time comes from, so that tests run in virtual time. Nothing else asks the machine for the time. */
export interface Clock {
  /** unix ms; may go back when an operator sets the machine's clock */
  now(): number;
  /** ms from an unknown start; never goes back. Deadlines are counted in it. */
  uptime(): number;
  /** Calls `tick` about every `periodMs` until the returned function is called. Does not keep the process alive. */
  every(periodMs: number, tick: () => void): () => void;
}

export const systemClock: Clock = {
  now: Date.now,
  uptime: () => performance.now(),
  every(periodMs, tick) {
    const timer = setInterval(tick, periodMs);
    timer.unref();
    return () => clearInterval(timer);
  },
};
