import type { ChangeSet, Commit, Engine } from '../../../src/engine/engine.js';
import type { MemoryEngine } from '../../../src/engine/memory/memory-engine.js';
import { EngineError } from '../../../src/engine/message-log.js';
import type { RecordTable } from '../../../src/engine/record-table.js';

/** An engine that answers later, as one on a disk does: commits are done when the test lets them, reads in the next tick. */
export class LaterEngine implements Engine {
  private readonly waiting: { readonly run: () => void; readonly fail: (error: Error) => void }[] = [];

  constructor(private readonly inner: MemoryEngine) {}

  get messages() {
    return this.inner.messages;
  }

  /** commits that wait */
  get pending(): number {
    return this.waiting.length;
  }

  table(name: string): RecordTable {
    const table = this.inner.table(name);
    return {
      get: async (key) => table.get(key),
      range: async (range) => table.range(range),
      count: async (range) => table.count(range),
    };
  }

  commit(changes: ChangeSet): Promise<Commit> {
    return new Promise((resolve, reject) => {
      const run = () => {
        try {
          resolve(this.inner.commit(changes));
        } catch (error) {
          reject(error);
        }
      };
      this.waiting.push({ run, fail: reject });
    });
  }

  /** Does the commit that has waited longest. */
  release(): void {
    this.waiting.shift()?.run();
  }

  /** Fails it. */
  fail(): void {
    this.waiting.shift()?.fail(new EngineError('engine_unavailable', 'The disk is gone.'));
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}
