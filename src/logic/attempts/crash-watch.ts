import { andThen, recover } from '../../channels/maybe-promise.js';
import type { Engine, RecordChange } from '../../engine/engine.js';
import type { Job } from '../running/job.js';
import { runRecord } from './begin-run.js';
import type { Trials } from './trials.js';
import type { SourcePoint, TurnId } from './turn-id.js';

export interface CrashWatchParts {
  readonly plugin: string;
  readonly engine: Engine;
  /** the start of a process after one that ended without a stop; undefined: the one before was stopped */
  readonly since: SourcePoint | undefined;
  readonly trials: Trials;
  /** What is open could not be written down; the turns begin all the same. */
  failed(error: unknown): void;
}

/**
 * Writes down a plugin's turns before they begin, when one of them may be why the hub's process ended: those that were
 * there when it did, several in one commit, and one that is under suspicion alone. Those of a hub that was stopped in
 * order, and all that came since the start, begin at once.
 */
export class CrashWatch {
  /** written down, or about to be, and not ended */
  private readonly open = new Map<Job, TurnId>();
  /** turns that begin once they are written down */
  private waiting: (() => void)[] = [];
  private trial: Job | undefined;
  private isWriting = false;
  private hasWritten = false;
  private isStopped = false;

  constructor(private readonly parts: CrashWatchParts) {}

  /** False when every turn may begin at once. */
  get isOn(): boolean {
    return this.parts.since !== undefined;
  }

  /** @param go called once the turn may begin, at once or later, and not after `stop` */
  begin(job: Job, go: () => void): void {
    const { since } = this.parts;
    const { acknowledgement } = job;
    const turn = since && acknowledgement.wasThere?.(since) ? acknowledgement.turn?.() : undefined;
    this.writeFirst(job, turn, go);
  }

  /** The same for one under suspicion: nothing of the hub that is under suspicion runs beside it. */
  try(job: Job, go: () => void): void {
    const { trials } = this.parts;
    trials.enter(() => {
      if (this.isStopped) return trials.leave();
      this.trial = job;
      this.writeFirst(job, job.acknowledgement.turn?.(), go);
    });
  }

  /** A turn has ended, and the process has not. */
  ended(job: Job): void {
    if (this.open.size > 0) this.open.delete(job);
    if (this.trial !== job) return;
    job.isUnderSuspicion = false;
    this.trial = undefined;
    this.parts.trials.leave();
  }

  /** What is open, to be written down with what became of a turn that is not any more; nothing when none was written down. */
  records(): readonly RecordChange[] {
    return this.hasWritten ? [this.record()] : [];
  }

  stop(): void {
    this.isStopped = true;
    this.waiting = [];
    if (this.trial) this.ended(this.trial);
  }

  private writeFirst(job: Job, turn: TurnId | undefined, go: () => void): void {
    if (turn === undefined) return go();
    this.open.set(job, turn);
    this.waiting.push(go);
    this.write();
  }

  /** One write at a time; what comes meanwhile is in the next. */
  private write(): void {
    if (this.isWriting || this.waiting.length === 0) return;
    this.isWriting = true;
    this.hasWritten = true;
    const { engine, failed } = this.parts;
    const begun = this.waiting;
    this.waiting = [];
    const records = [this.record()];
    const written = recover<unknown, void>(() => engine.commit({ records }), failed);
    andThen(written, () => {
      this.isWriting = false;
      for (const go of begun) if (!this.isStopped) go();
      this.write();
    });
  }

  private record(): RecordChange {
    return runRecord(this.parts.plugin, { open: [...this.open.values()], isTrial: this.trial !== undefined });
  }
}
