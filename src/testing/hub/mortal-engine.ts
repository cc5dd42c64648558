import type { ChangeSet, Commit, Engine } from '../../engine/engine.js';
import { EngineError, type MaybePromise, type MessageLog } from '../../engine/message-log.js';
import type { RecordTable } from '../../engine/record-table.js';

/** An engine as one life of a hub has it: once that has ended nothing of it is written any more. */
export class MortalEngine implements Engine {
  private isDead = false;

  constructor(private readonly kept: Engine) {}

  get messages(): MessageLog {
    return this.kept.messages;
  }

  table(name: string): RecordTable {
    return this.kept.table(name);
  }

  commit(changes: ChangeSet): MaybePromise<Commit> {
    if (this.isDead) throw new EngineError('engine_unavailable', 'The hub that asks for this has crashed.');
    return this.kept.commit(changes);
  }

  die(): void {
    this.isDead = true;
  }

  /** What it keeps is for the next life. */
  async close(): Promise<void> {}
}
