/** Where time comes from, so that tests run in virtual time. Nothing else asks the machine for the time. */
export interface Clock {
  /** unix ms; may go back when an operator sets the machine's clock */
  now(): number;
  /** ms from an unknown start; never goes back. Deadlines are counted in it. */
  uptime(): number;
  /**
   * Lets the time stand still until `release`, for JavaScript that asks for it again and again and ends soon. Left out where
   * it stands still anyway.
   */
  hold?(): void;
  release?(): void;
  /**
   * Calls `tick` about every `periodMs` until the returned function is called. Does not keep the process alive.
   * @param nextWork ms of uptime before which ticks would find nothing to do, if nothing else happens; Infinity: never
   * again. A clock may then leave them out, as one that jumps does; the machine's own never asks. Left out: every tick counts.
   */
  every(periodMs: number, tick: () => void, nextWork?: () => number): () => void;
}

/** The uptime at which the wall's time will have come to a moment, as it goes now. @param at unix ms */
export function uptimeAt(clock: Pick<Clock, 'now' | 'uptime'>, at: number): number {
  return at - clock.now() + clock.uptime();
}

/** Looks in a row that lie closer together than this, in ms, belong to a turn of the event loop that serves many. */
const BUSY_MS = 0.05;
const BUSY_LOOKS = 4;

/**
 * The machine's time. Serving one request looks at it a dozen times, which would cost a microsecond, so a look holds until
 * the JavaScript that is running ends, which a microtask tells when nobody said `hold`. When the event loop is busy it holds
 * until the end of the loop's turn: an immediate tells that, which is cheap for many requests, and an idle loop pays for it
 * with a system call.
 */
class SystemClock implements Clock {
  private isKnown = false;
  /** known until `release` */
  private isHeld = false;
  /** looks that came so soon after the one before */
  private soon = 0;
  private unixMs = 0;
  private uptimeMs = 0;

  hold(): void {
    if (this.isKnown) return;
    this.isHeld = true;
    this.look();
  }

  release(): void {
    if (!this.isHeld) return;
    this.isHeld = false;
    this.isKnown = false;
  }

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
    const before = this.uptimeMs;
    this.unixMs = Date.now();
    this.uptimeMs = performance.now();
    this.isKnown = true;
    this.soon = this.uptimeMs - before < BUSY_MS ? this.soon + 1 : 0;
    if (this.soon >= BUSY_LOOKS) {
      this.isHeld = false;
      setImmediate(this.forget);
    } else if (!this.isHeld) queueMicrotask(this.forget);
  }

  private readonly forget = (): void => {
    this.isKnown = false;
  };
}

export const systemClock: Clock = new SystemClock();
