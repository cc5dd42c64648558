import { AsyncResource } from 'node:async_hooks';
import type { Clock } from '../../channels/clock.js';

interface Ticker {
  /** of two that are due at the same time, the one that began first ticks first */
  readonly number: number;
  readonly periodMs: number;
  nextAt: number;
  readonly tick: () => void;
  readonly nextWork: (() => number) | undefined;
}

/** A whole second, so that the tags of positions begin at 0. */
const USUAL_START = Date.UTC(2026, 0, 15, 12, 0, 0);

/** Time that stands still until somebody moves it, and jumps over ticks that would find nothing to do. */
export class VirtualClock implements Clock {
  private elapsedMs = 0;
  private readonly tickers = new Set<Ticker>();
  private begun = 0;

  /** @param wallMs unix ms at the start */
  constructor(private wallMs = USUAL_START) {}

  now(): number {
    return this.wallMs;
  }

  uptime(): number {
    return this.elapsedMs;
  }

  /** The tick is called in the asynchronous context of this call, as one of Node's own timers would be. */
  every(periodMs: number, tick: () => void, nextWork?: () => number): () => void {
    const nextAt = this.elapsedMs + periodMs;
    const ticker: Ticker = { number: this.begun++, periodMs, nextAt, tick: AsyncResource.bind(tick), nextWork };
    this.tickers.add(ticker);
    return () => this.tickers.delete(ticker);
  }

  /**
   * Calls the tick that is due next, if one is due by `end`; else moves to `end`.
   * @param end ms of uptime
   * @returns false when it has come to `end`
   * @throws what the tick throws
   */
  step(end: number): boolean {
    const due = this.earliest(end);
    if (!due) {
      this.leaveOut(end, Number.POSITIVE_INFINITY);
      this.moveTo(Math.max(end, this.elapsedMs));
      return false;
    }
    const { ticker, at } = due;
    this.leaveOut(at, ticker.number);
    this.moveTo(Math.max(at, this.elapsedMs));
    ticker.nextAt = at + ticker.periodMs;
    ticker.tick();
    return true;
  }

  /** An operator sets the machine's clock: wall time jumps, uptime does not. */
  setWall(unixMs: number): void {
    this.wallMs = unixMs;
  }

  /** The first tick by `end` that has something to do; of several at the same time, the one of the ticker that began first. */
  private earliest(end: number): Due | undefined {
    let due: Due | undefined;
    for (const ticker of this.tickers) if (!ticker.nextWork) due = sooner(due, { ticker, at: ticker.nextAt });
    for (const ticker of this.tickers) {
      // One that cannot come first need not be asked.
      if (ticker.nextWork && ticker.nextAt <= (due?.at ?? end)) due = sooner(due, { ticker, at: workingTick(ticker) });
    }
    return due && due.at <= end ? due : undefined;
  }

  /** Passes over the ticks before a moment, and over those at it of tickers that began before a number: they have nothing to do. */
  private leaveOut(at: number, before: number): void {
    for (const ticker of this.tickers) {
      if (!ticker.nextWork) continue;
      if (ticker.nextAt < at) ticker.nextAt = tickAt(ticker, at);
      if (ticker.nextAt === at && ticker.number < before) ticker.nextAt += ticker.periodMs;
    }
  }

  private moveTo(elapsedMs: number): void {
    this.wallMs += elapsedMs - this.elapsedMs;
    this.elapsedMs = elapsedMs;
  }
}

interface Due {
  readonly ticker: Ticker;
  readonly at: number;
}

function sooner(one: Due | undefined, other: Due): Due {
  if (!one || other.at < one.at) return other;
  return other.at === one.at && other.ticker.number < one.ticker.number ? other : one;
}

/** A ticker's first tick that has something to do, if nothing else happens before. */
function workingTick(ticker: Ticker): number {
  const workAt = ticker.nextWork?.() ?? ticker.nextAt;
  return workAt <= ticker.nextAt ? ticker.nextAt : tickAt(ticker, workAt);
}

/** A ticker's first tick at a moment behind its next one, or behind that. */
function tickAt({ nextAt, periodMs }: Ticker, at: number): number {
  return nextAt + Math.ceil((at - nextAt) / periodMs) * periodMs;
}
