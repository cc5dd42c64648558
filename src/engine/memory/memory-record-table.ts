import type { RecordRange, RecordTable, StoredRecord } from '../record-table.js';
import { SortedTexts } from '../sorted-texts.js';
import { compareUtf8 } from '../utf8-order.js';

/** Keys without a place in the order; a further one gives them all theirs. Bounds what one range or change has to sort. */
const MAX_UNPLACED = 1_024;

/**
 * One table in memory. A key gets its place in the order when a range asks for it, or when many have none: a record that
 * comes and goes in between never costs a place.
 */
export class MemoryRecordTable implements RecordTable {
  private readonly byKey = new Map<string, StoredRecord>();
  private readonly keys = new SortedTexts();
  private readonly unplaced = new Set<string>();

  get(key: string): StoredRecord | undefined {
    return this.byKey.get(key);
  }

  range({ from = '', before, limit, reverse = false }: RecordRange): readonly StoredRecord[] {
    this.place();
    const found: StoredRecord[] = [];
    for (const key of reverse ? this.keys.downFrom(before) : this.keys.from(from)) {
      if (found.length >= limit) break;
      if (reverse ? compareUtf8(key, from) < 0 : before !== undefined && compareUtf8(key, before) >= 0) break;
      found.push(this.byKey.get(key) as StoredRecord);
    }
    return found;
  }

  count({ from, before }: Pick<RecordRange, 'from' | 'before'> = {}): number {
    if (from === undefined && before === undefined) return this.byKey.size;
    this.place();
    let count = 0;
    for (const key of this.keys.from(from ?? '')) {
      if (before !== undefined && compareUtf8(key, before) >= 0) break;
      count++;
    }
    return count;
  }

  put(record: StoredRecord): void {
    const { key } = record;
    if (!this.byKey.has(key)) {
      if (this.unplaced.size >= MAX_UNPLACED) this.place();
      this.unplaced.add(key);
    }
    this.byKey.set(key, record);
  }

  delete(key: string): void {
    if (this.byKey.delete(key) && !this.unplaced.delete(key)) this.keys.delete(key);
  }

  private place(): void {
    for (const key of this.unplaced) this.keys.add(key);
    this.unplaced.clear();
  }
}
