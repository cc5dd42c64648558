import { recover } from '../../channels/maybe-promise.js';
import { readAll } from '../../devices/registry/read-all.js';
import type { Engine, RecordChange } from '../../engine/engine.js';
import type { Cursor } from '../journal/cursor.js';
import type { Job } from '../running/job.js';
import type { AttemptsRecord } from '../store/records.js';
import { ATTEMPTS, below } from '../store/tables.js';
import { attemptsKey } from './begin-run.js';
import { isOver, type TurnId } from './turn-id.js';

export interface AttemptsParts {
  readonly plugin: string;
  readonly engine: Engine;
  /** unix ms, steady */
  readonly now: () => number;
  /** They could not be written: after a restart the turn has an attempt more. */
  failed(error: unknown): void;
}

/**
 * How often a plugin's turns have failed, as far as they are to be tried again, beyond a restart of the hub. A turn that
 * succeeds at its first attempt costs nothing here.
 */
export class Attempts {
  private constructor(
    private readonly parts: AttemptsParts,
    /** of turns that have not come yet since the start */
    private readonly kept: Map<TurnId, AttemptsRecord>,
  ) {}

  /** Reads them, and deletes those of turns that will not come again. @throws EngineError */
  static async open(cursor: Cursor, parts: AttemptsParts): Promise<Attempts> {
    const { plugin, engine } = parts;
    const kept = new Map<TurnId, AttemptsRecord>();
    for await (const { key, value } of readAll(engine.table(ATTEMPTS), below(plugin))) {
      const turn = key.slice(plugin.length + 1);
      if (await isOver(turn, plugin, cursor, engine)) await engine.commit({ records: [removal(key)] });
      else kept.set(turn, JSON.parse(value) as AttemptsRecord);
    }
    return new Attempts(parts, kept);
  }

  /** False when no turn has attempts from before the start, as nearly always. */
  get hasKept(): boolean {
    return this.kept.size > 0;
  }

  /** What a turn had failed before the start; told once. */
  recall(job: Job): AttemptsRecord | undefined {
    const turn = job.acknowledgement.turn?.();
    const record = turn === undefined ? undefined : this.kept.get(turn);
    if (turn === undefined || !record) return undefined;
    this.kept.delete(turn);
    job.failures = record.failures;
    job.hasRecord = true;
    return record;
  }

  /** A turn has failed once more, and will be tried again. @param open as `CrashWatch.records` has it: it is not among them */
  note(job: Job, inMs: number, open: readonly RecordChange[]): void {
    const turn = job.acknowledgement.turn?.();
    if (turn === undefined) return;
    job.hasRecord = true;
    const { plugin, now } = this.parts;
    const record: AttemptsRecord = { failures: job.failures, retryAt: now() + inMs };
    this.write([{ table: ATTEMPTS, key: attemptsKey(plugin, turn), value: JSON.stringify(record) }, ...open]);
  }

  /** A turn is over for good. */
  forget(job: Job): void {
    if (!job.hasRecord) return;
    job.hasRecord = false;
    const turn = job.acknowledgement.turn?.();
    if (turn !== undefined) this.write([removal(attemptsKey(this.parts.plugin, turn))]);
  }

  private write(records: readonly RecordChange[]): void {
    const { engine, failed } = this.parts;
    recover<unknown, void>(() => engine.commit({ records }), failed);
  }
}

function removal(key: string): RecordChange {
  return { table: ATTEMPTS, key, value: undefined };
}
