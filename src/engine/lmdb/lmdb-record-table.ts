import type { WrittenChange } from '../engine.js';
import type { RecordRange, RecordTable, Revision, StoredRecord } from '../record-table.js';
import { compareUtf8 } from '../utf8-order.js';
import type { Environment } from './environment.js';
import type { RecordOverlay } from './record-overlay.js';

/** stands between a table's name and a record's key */
export const TABLE_END = '\0';
/** Behind TABLE_END, and no table's name goes on with it: a range before it is the whole table. */
const BEHIND_TABLE = '\x01';

/** A record on disk: the revision as a big-endian double, then the value in UTF-8. */
const REVISION_BYTES = 8;

/** One table over lmdb: what is on disk, and before it what waits for a commit. */
export class LmdbRecordTable implements RecordTable {
  constructor(
    private readonly env: Environment,
    private readonly overlay: RecordOverlay,
    private readonly name: string,
  ) {}

  get(key: string): StoredRecord | undefined {
    const pending = this.overlay.get(this.name, key);
    if (pending) return pending.record;
    return this.env.reading(() => {
      const stored = this.env.records.getBinary(this.keyOf(key));
      return stored && readRecord(key, stored);
    });
  }

  range({ from = '', before, limit, reverse = false }: RecordRange): readonly StoredRecord[] {
    const pending = this.pendingIn({ from, before });
    // Each record that waits may replace or delete one on disk.
    const found = new Map(this.onDisk({ from, before, reverse }, limit + pending.length).map((r) => [r.key, r]));
    for (const key of pending) {
      const record = this.overlay.get(this.name, key)?.record;
      if (record) found.set(key, record);
      else found.delete(key);
    }
    if (pending.length === 0) return [...found.values()];
    const direction = reverse ? -1 : 1;
    return [...found.values()].sort((a, b) => direction * compareUtf8(a.key, b.key)).slice(0, limit);
  }

  count({ from = '', before }: Pick<RecordRange, 'from' | 'before'> = {}): number {
    const { low, high } = this.boundsOf(from, before);
    return this.env.reading(() => {
      let count = low.compare(high) < 0 ? this.env.records.getCount({ start: low, end: high }) : 0;
      for (const key of this.pendingIn({ from, before })) {
        const wasThere = this.env.records.getBinary(this.keyOf(key)) !== undefined;
        const isThere = this.overlay.get(this.name, key)?.record !== undefined;
        count += Number(isThere) - Number(wasThere);
      }
      return count;
    });
  }

  private pendingIn({ from, before }: { from: string; before: string | undefined }): string[] {
    const isMeant = (key: string) =>
      compareUtf8(key, from) >= 0 && (before === undefined || compareUtf8(key, before) < 0);
    return [...this.overlay.keys(this.name)].filter(isMeant);
  }

  private boundsOf(from: string, before: string | undefined): { low: Buffer; high: Buffer } {
    const high = before === undefined ? Buffer.from(this.name + BEHIND_TABLE) : this.keyOf(before);
    return { low: this.keyOf(from), high };
  }

  private onDisk(range: { from: string; before: string | undefined; reverse: boolean }, limit: number): StoredRecord[] {
    const { low, high } = this.boundsOf(range.from, range.before);
    if (low.compare(high) >= 0) return [];
    const bounds = range.reverse
      ? { start: high, end: low, reverse: true, exclusiveStart: true, inclusiveEnd: true }
      : { start: low, end: high };
    const prefix = this.name.length + TABLE_END.length;
    return this.env.reading(() => {
      const entries = this.env.range(this.env.records, { ...bounds, limit });
      return Array.from(entries, ({ key, value }) => readRecord(key.toString('utf8', prefix), value));
    });
  }

  private keyOf(key: string): Buffer {
    return recordKey(this.name, key);
  }
}

/** Makes a change within a transaction. */
export function writeRecord(env: Environment, { table, key, value }: WrittenChange, revision: Revision): void {
  const target = recordKey(table, key);
  if (value === undefined) {
    env.records.remove(target);
    return;
  }
  const stored = Buffer.allocUnsafeSlow(REVISION_BYTES + Buffer.byteLength(value));
  stored.writeDoubleBE(revision);
  stored.write(value, REVISION_BYTES);
  env.records.put(target, stored);
}

function recordKey(table: string, key: string): Buffer {
  return Buffer.from(table + TABLE_END + key);
}

function readRecord(key: string, stored: Buffer): StoredRecord {
  return { key, value: stored.toString('utf8', REVISION_BYTES), revision: stored.readDoubleBE(0) };
}
