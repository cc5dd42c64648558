import { checkChange, checkRevision } from '../change-rules.js';
import type { ChangeSet, Commit, Engine, MessageChange, RecordChange } from '../engine.js';
import type { Revision } from '../record-table.js';
import { MemoryMessageLog } from './memory-message-log.js';
import { MemoryRecordTable, type Slot } from './memory-record-table.js';
import type { MemoryLogOptions } from './room.js';

const NO_MESSAGES: readonly MessageChange[] = [];

/** Keeps messages and records in memory: gone with the process. Every call answers at once. */
export class MemoryEngine implements Engine {
  readonly messages: MemoryMessageLog;
  private readonly tables = new Map<string, MemoryRecordTable>();
  private revision: Revision = 0;

  constructor(options: MemoryLogOptions) {
    this.messages = new MemoryMessageLog(options);
  }

  table(name: string): MemoryRecordTable {
    let table = this.tables.get(name);
    if (!table) {
      table = new MemoryRecordTable();
      this.tables.set(name, table);
    }
    return table;
  }

  commit({ records, messages = NO_MESSAGES }: ChangeSet): Commit {
    const count = records.length;
    // Lists of a known length are made so at once: one that grows takes room for seventeen.
    const tables = new Array<MemoryRecordTable>(count);
    const slots = new Array<Slot | undefined>(count);
    for (let i = 0; i < count; i++) {
      const change = records[i] as RecordChange;
      checkChange(change);
      const table = this.table(change.table);
      const slot = table.slotOf(change.key);
      checkRevision(change, slot?.revision ?? 0);
      tables[i] = table;
      slots[i] = slot;
    }
    // First the messages: they are refused when there is no room, records never are.
    const stored = this.messages.appendAll(messages);
    const revision = ++this.revision;
    for (let i = 0; i < count; i++) {
      const { key, value } = records[i] as RecordChange;
      (tables[i] as MemoryRecordTable).write(key, value, revision, slots[i]);
    }
    return { revision, messages: stored };
  }

  async close(): Promise<void> {
    await this.messages.close();
    this.tables.clear();
  }
}
