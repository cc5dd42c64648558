import type { RecordRange, RecordTable, StoredRecord } from '../record-table.js';
import { compareUtf8 } from '../utf8-order.js';

/** One table in memory: records by key, and their keys in order for ranges. */
export class MemoryRecordTable implements RecordTable {
  private readonly byKey = new Map<string, StoredRecord>();
  private readonly keys: string[] = [];

  get(key: string): StoredRecord | undefined {
    return this.byKey.get(key);
  }

  range({ from, before, limit, reverse = false }: RecordRange): readonly StoredRecord[] {
    const low = from === undefined ? 0 : this.indexOf(from);
    const high = before === undefined ? this.keys.length : Math.max(this.indexOf(before), low);
    const keys = reverse
      ? this.keys.slice(Math.max(high - limit, low), high).reverse()
      : this.keys.slice(low, Math.min(low + limit, high));
    return keys.map((key) => this.byKey.get(key) as StoredRecord);
  }

  put(record: StoredRecord): void {
    if (!this.byKey.has(record.key)) this.keys.splice(this.indexOf(record.key), 0, record.key);
    this.byKey.set(record.key, record);
  }

  delete(key: string): void {
    if (this.byKey.delete(key)) this.keys.splice(this.indexOf(key), 1);
  }

  /** Index of the first key that is not below `key`, by halving. */
  private indexOf(key: string): number {
    let low = 0;
    let high = this.keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareUtf8(this.keys[middle] as string, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
