/** The first wait is between half of it and itself; each further one twice as long, up to the longest. */
const FIRST_MS = 500;
const LONGEST_MS = 30_000;

/** How long to wait before trying again: longer each time, and never as long as everybody else. */
export class Backoff {
  private failures = 0;

  /** @param random 0 up to 1 */
  constructor(private readonly random: () => number) {}

  /** @returns ms, a whole number */
  next(): number {
    const longest = Math.min(FIRST_MS * 2 ** this.failures, LONGEST_MS);
    this.failures++;
    return Math.round(longest / 2 + (this.random() * longest) / 2);
  }

  reset(): void {
    this.failures = 0;
  }
}
