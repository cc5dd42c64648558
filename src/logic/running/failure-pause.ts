import type { Deadlined } from '../../channels/deadline-wheel.js';
import type { ReaderSurroundings } from './reader-surroundings.js';

/** Turns of a plugin that fail one after the other, with none between them that did not, before it is paused. */
const FAILURES_BEFORE_PAUSE = 20;
/** How often one turn of a paused plugin is tried. */
export const PROBE_MS = 30_000;

/** Pauses a plugin when everything fails, and lets one turn through now and then, until one succeeds. */
export class FailurePause implements Deadlined {
  dueAt = 0;
  wheelSlot = -1;
  wheelIndex = 0;
  isOn = false;
  private failuresInRow = 0;
  private lastFault = '';
  /** true: the next turn may begin */
  private isOpen = false;

  /** @param opened called each time that a turn may be tried */
  constructor(
    private readonly parts: Pick<ReaderSurroundings, 'warnings' | 'wheel'>,
    private readonly opened: () => void,
  ) {}

  /** A sentence; undefined: it is not on. */
  get reason(): string | undefined {
    if (!this.isOn) return undefined;
    return `Everything fails, ${this.failuresInRow} turns in a row, the last one for: ${this.lastFault}`;
  }

  /** @param fault what went wrong */
  noteFailure(fault: string): void {
    this.failuresInRow++;
    this.lastFault = fault;
    if (this.isOn) return this.close();
    if (this.failuresInRow < FAILURES_BEFORE_PAUSE) return;
    this.isOn = true;
    this.close();
    const sentence = `The plugin is paused: ${this.failuresInRow} turns in a row have failed. One is tried every ${PROBE_MS / 1000} s.`;
    this.parts.warnings.warn('paused', {}, sentence);
  }

  noteSuccess(): void {
    this.failuresInRow = 0;
    if (!this.isOn) return;
    this.stop();
    this.parts.warnings.warn('resumed', {}, 'The plugin goes on: a turn has succeeded.');
  }

  /** Whether a turn may begin, which then does. */
  letThrough(): boolean {
    if (!this.isOn) return true;
    if (!this.isOpen) return false;
    // Not every turn ends in a failure or a success: the engine may be away, or the host may end.
    this.close();
    return true;
  }

  /** Ends the pause without a word. */
  stop(): void {
    this.isOn = false;
    this.parts.wheel.disarm(this);
  }

  /** It is time to try a turn. */
  expire(): void {
    this.isOpen = true;
    this.opened();
  }

  private close(): void {
    this.isOpen = false;
    this.parts.wheel.arm(this, PROBE_MS);
  }
}
