import type { PeerName } from './peers/peer.js';
import { type BenchCase, caseName } from './plan.js';

/** Where progress is shown: standard error, so that the figures on standard output stay clean. */
export interface ProgressOutput {
  /** true: a terminal, on which one line is written over again and again */
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

const CLEAR_LINE = '\r\x1b[K';

/** Says which turn of how many is under way: a run with all defaults takes many minutes. */
export class Progress {
  private begun = 0;
  private readonly startedAt: number;

  constructor(
    private readonly turns: number,
    private readonly output: ProgressOutput,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.startedAt = now();
  }

  /** A turn begins. @param round from 0 */
  turn(benchCase: BenchCase, round: number, peer: PeerName): void {
    const left = this.begun === 0 ? '' : `, ${this.timeLeft()} left`;
    this.begun++;
    const line = `turn ${this.begun} of ${this.turns}${left}: ${caseName(benchCase)}, round ${round + 1}, ${peer}`;
    this.output.write(this.output.isTTY ? `${CLEAR_LINE}${line}` : `${line}\n`);
  }

  /** Makes room for something else on a terminal. */
  clear(): void {
    if (this.output.isTTY) this.output.write(CLEAR_LINE);
  }

  /** As long as the turns so far took, on average: sizes differ, so it is "about". */
  private timeLeft(): string {
    const ms = ((this.now() - this.startedAt) / this.begun) * (this.turns - this.begun);
    const seconds = Math.ceil(ms / 1000);
    return seconds < 90 ? `about ${seconds} s` : `about ${Math.round(seconds / 60)} min`;
  }
}
