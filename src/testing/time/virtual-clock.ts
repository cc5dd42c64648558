import { AsyncResource } from 'node:async_hooks';
import type { Clock } from '../../channels/clock.js';

interface Ticker {
  readonly periodMs: number;
  nextAt: number;
  readonly tick: () => void;
}

/** A whole second, so that the tags of positions begin at 0. */
const USUAL_START = Date.UTC(2026, 0, 15, 12, 0, 0);

/** Time that stands still until somebody moves it. */
export class VirtualClock implements Clock {
  private elapsedMs = 0;
  private readonly tickers = new Set<Ticker>();

  /** @param wallMs unix ms at the start */
  constructor(private wallMs = USUAL_START) {}

  now(): number {
    return this.wallMs;
  }

  uptime(): number {
    return this.elapsedMs;
  }

  /** The tick is called in the asynchronous context of this call, as one of Node's own timers would be. */
  every(periodMs: number, tick: () => void): () => void {
    const ticker: Ticker = { periodMs, nextAt: this.elapsedMs + periodMs, tick: AsyncResource.bind(tick) };
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
    const due = this.earliest();
    if (!due || due.nextAt > end) {
      this.moveTo(Math.max(end, this.elapsedMs));
      return false;
    }
    this.moveTo(Math.max(due.nextAt, this.elapsedMs));
    due.nextAt += due.periodMs;
    due.tick();
    return true;
  }

  /** An operator sets the machine's clock: wall time jumps, uptime does not. */
  setWall(unixMs: number): void {
    this.wallMs = unixMs;
  }

  /** The ticker that is due first; of several, the one that began first. */
  private earliest(): Ticker | undefined {
    let earliest: Ticker | undefined;
    for (const ticker of this.tickers) if (!earliest || ticker.nextAt < earliest.nextAt) earliest = ticker;
    return earliest;
  }

  private moveTo(elapsedMs: number): void {
    this.wallMs += elapsedMs - this.elapsedMs;
    this.elapsedMs = elapsedMs;
  }
}
