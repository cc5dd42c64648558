import type { RecordChange, WrittenChange } from '../engine.js';
import type { Revision, StoredRecord } from '../record-table.js';
import type { Batch } from './batch.js';

/** A record that was written or deleted and is not on disk yet. */
interface Pending {
  /** undefined: deleted */
  readonly record: StoredRecord | undefined;
  readonly batch: Batch;
}

/** Changes of records that wait for a commit; readers see them first. */
export class RecordOverlay {
  private readonly tables = new Map<string, Map<string, Pending>>();

  /** What waits for `key`; undefined: nothing, the disk is right. */
  get(table: string, key: string): Pending | undefined {
    return this.tables.get(table)?.get(key);
  }

  /** Keys of a table that something waits for. */
  keys(table: string): Iterable<string> {
    return this.tables.get(table)?.keys() ?? [];
  }

  put(batch: Batch, { table, key, value }: WrittenChange, revision: Revision): void {
    const record = value === undefined ? undefined : { key, value, revision };
    let pending = this.tables.get(table);
    if (!pending) {
      pending = new Map();
      this.tables.set(table, pending);
    }
    pending.set(key, { record, batch });
  }

  /** Notes that changes are on disk. */
  settle(batch: Batch, changes: readonly RecordChange[]): void {
    for (const { table, key } of changes) {
      const pending = this.tables.get(table);
      if (pending?.get(key)?.batch !== batch) continue;
      pending.delete(key);
      if (pending.size === 0) this.tables.delete(table);
    }
  }

  /** Everything that waits is lost. */
  clear(): void {
    this.tables.clear();
  }
}
