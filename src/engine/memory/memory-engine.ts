import { checkRecords } from '../change-rules.js';
import type { ChangeSet, Commit, Engine } from '../engine.js';
import type { Revision } from '../record-table.js';
import { MemoryMessageLog } from './memory-message-log.js';
import { MemoryRecordTable } from './memory-record-table.js';
import type { MemoryLogOptions } from './room.js';

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

  commit({ records, messages = [] }: ChangeSet): Commit {
    checkRecords(records, (table, key) => this.table(table).get(key)?.revision ?? 0);
    // First the messages: they are refused when there is no room, records never are.
    const stored = this.messages.appendAll(messages);
    const revision = ++this.revision;
    for (const { table, key, value } of records) {
      if (value === undefined) this.table(table).delete(key);
      else this.table(table).put({ key, value, revision });
    }
    return { revision, messages: stored };
  }

  async close(): Promise<void> {
    await this.messages.close();
    this.tables.clear();
  }
}
