import type { Clock } from '../../src/channels/clock.js';

interface Ticker {
  readonly periodMs: number;
  nextAt: number;
  readonly tick: () => void;
}

/** Time that stands still until a test moves it. */
export class ManualClock implements Clock {
  private elapsedMs = 0;
  private readonly tickers = new Set<Ticker>();

  /** @param wallMs unix ms at the start; a whole second, so that tags begin at 0 */
  constructor(private wallMs = Date.UTC(2026, 0, 15, 12, 0, 0)) {}

  now(): number {
    return this.wallMs;
  }

  uptime(): number {
    return this.elapsedMs;
  }

  every(periodMs: number, tick: () => void): () => void {
    const ticker: Ticker = { periodMs, nextAt: this.elapsedMs + periodMs, tick };
    this.tickers.add(ticker);
    return () => this.tickers.delete(ticker);
  }

  /** Lets `ms` pass; every ticker ticks as often as it would have. */
  advance(ms: number): void {
    const end = this.elapsedMs + ms;
    for (;;) {
      const due = this.earliest();
      if (!due || due.nextAt > end) break;
      this.moveTo(Math.max(due.nextAt, this.elapsedMs));
      due.nextAt += due.periodMs;
      due.tick();
    }
    this.moveTo(end);
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
