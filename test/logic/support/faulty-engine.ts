import type { ChangeSet, Commit, Engine, RecordChange } from '../../../src/engine/engine.js';
import type { MemoryEngine } from '../../../src/engine/memory/memory-engine.js';
import {
  EngineError,
  type EngineErrorCode,
  type MaybePromise,
  type MessageLog,
} from '../../../src/engine/message-log.js';
import type { RecordTable } from '../../../src/engine/record-table.js';
import { CURSORS, TURNS } from '../../../src/logic/store/tables.js';

/** An engine that fails at commits, or at reading, and whose commits come later, or are the last thing that a dying process does. */
export class FaultyEngine implements Engine {
  readonly messages: MessageLog;
  /** what commits throw; undefined: nothing */
  failing: EngineErrorCode | undefined;
  /** a table that cannot be read; undefined: all can */
  unreadable: string | undefined;
  /** true: what was committed is told in a later turn of the event loop */
  isLater = false;
  /** true: the next set by which a turn says that it is done is committed, and told to have failed */
  liesOnce = false;
  /** steps that it still takes: each commit is two, before and after it is made */
  private stepsLeft = Number.POSITIVE_INFINITY;

  constructor(readonly kept: MemoryEngine) {
    this.messages = kept.messages;
  }

  /** true: the process is gone, as far as the engine is concerned */
  get isDead(): boolean {
    return this.stepsLeft < 0;
  }

  dieAfter(steps: number): void {
    this.stepsLeft = steps;
  }

  table(name: string): RecordTable {
    if (name === this.unreadable) throw new EngineError('engine_unavailable', 'The engine is out of order.');
    return this.kept.table(name);
  }

  commit(changes: ChangeSet): MaybePromise<Commit> {
    if (this.failing) throw new EngineError(this.failing, 'The engine is out of order.');
    if (this.stepsLeft-- <= 0) return this.die();
    const commit = this.kept.commit(changes);
    if (this.stepsLeft-- <= 0) return this.die();
    if (this.liesOnce && changes.records.some(isTurns)) {
      this.liesOnce = false;
      throw new EngineError('engine_unavailable', 'The connection was cut before the answer came.');
    }
    return this.isLater ? new Promise((resolve) => setImmediate(() => resolve(commit))) : commit;
  }

  close(): Promise<void> {
    return this.kept.close();
  }

  private die(): Promise<never> {
    this.stepsLeft = -1;
    return new Promise(() => {});
  }
}

/** A turn leaves a note, or moves the cursor from where it was. */
function isTurns({ table, ifRevision }: RecordChange): boolean {
  return table === TURNS || (table === CURSORS && ifRevision !== undefined);
}
