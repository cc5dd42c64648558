import { amountOf, countOf } from './amounts.js';
import { print, type Terminal } from './terminal.js';

/** A line that somebody watches is written anew so often; one in a log comes so seldom. */
const WATCHED_MS = 200;
const LOGGED_MS = 10_000;

/** Tells on stderr how far a long command is: one line that changes on a terminal, a line now and then in a log. */
export class Progress {
  private readonly startedAt: number;
  private shownAt: number;
  private bytes = 0;
  private isShown = false;

  /**
   * @param doing `Reading the backup`; what changes is asked for each time
   * @param total bytes, as far as that is known
   * @param now ms that never go back
   */
  constructor(
    private readonly terminal: Terminal,
    private readonly doing: string | (() => string),
    private readonly total?: number,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.startedAt = now();
    this.shownAt = this.startedAt;
  }

  /** That many more bytes are done. */
  readonly add = (bytes: number): void => {
    this.bytes += bytes;
    const now = this.now();
    if (now - this.shownAt < (this.terminal.isWatched ? WATCHED_MS : LOGGED_MS)) return;
    this.shownAt = now;
    this.isShown = true;
    void print(this.terminal.stderr, this.terminal.isWatched ? `\r${this.line(now)}\x1b[K` : `${this.line(now)}\n`);
  };

  /** Takes the line off the terminal again. */
  end(): void {
    if (this.terminal.isWatched && this.isShown) void print(this.terminal.stderr, '\r\x1b[K');
  }

  private line(now: number): string {
    const share = this.total ? ` of ${amountOf(this.total)} (${this.percent}%)` : '';
    const rate = amountOf((this.bytes / Math.max(now - this.startedAt, 1)) * 1_000);
    const doing = typeof this.doing === 'string' ? this.doing : this.doing();
    return `${doing}: ${amountOf(this.bytes)}${share}, ${rate}/s`;
  }

  private get percent(): string {
    return countOf(Math.min(Math.floor((100 * this.bytes) / (this.total || 1)), 100));
  }
}
