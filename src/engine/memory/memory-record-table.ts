import type { RecordChange } from '../engine.js';
import { LateText, type RecordRange, type RecordTable, type Revision, type StoredRecord } from '../record-table.js';
import { SortedTexts } from '../sorted-texts.js';
import { compareUtf8 } from '../utf8-order.js';

/** Keys without a place in the order; a further one gives them all theirs. Bounds what one range or change has to sort. */
const MAX_UNPLACED = 1_024;

/** A record as the table has it: one object that changes, where readers get objects of their own that never do. */
export interface Slot {
  readonly key: string;
  /** undefined: it is no longer the table's */
  value: string | LateText | undefined;
  revision: Revision;
  /** true: its key has a place in the order */
  isPlaced: boolean;
}

/**
 * One table in memory. A key gets its place in the order when a range asks for it, or when many have none: a record that
 * comes and goes in between never costs a place.
 */
export class MemoryRecordTable implements RecordTable {
  private readonly slots = new Map<string, Slot>();
  private readonly keys = new SortedTexts();
  /** slots whose keys have no place; some may be gone */
  private unplaced: Slot[] = [];

  get(key: string): StoredRecord | undefined {
    const slot = this.slots.get(key);
    return slot && recordIn(slot);
  }

  range({ from = '', before, limit, reverse = false }: RecordRange): readonly StoredRecord[] {
    this.place();
    const found: StoredRecord[] = [];
    for (const key of reverse ? this.keys.downFrom(before) : this.keys.from(from)) {
      if (found.length >= limit) break;
      if (reverse ? compareUtf8(key, from) < 0 : before !== undefined && compareUtf8(key, before) >= 0) break;
      found.push(this.get(key) as StoredRecord);
    }
    return found;
  }

  count({ from, before }: Pick<RecordRange, 'from' | 'before'> = {}): number {
    if (from === undefined && before === undefined) return this.slots.size;
    this.place();
    let count = 0;
    for (const key of this.keys.from(from ?? '')) {
      if (before !== undefined && compareUtf8(key, before) >= 0) break;
      count++;
    }
    return count;
  }

  /** Where a record is now, so that it need not be looked up again to be written. */
  slotOf(key: string): Slot | undefined {
    return this.slots.get(key);
  }

  /** Writes or deletes a record. @param known what `slotOf` gave; it may be outdated by a change of the same set */
  write(key: string, value: RecordChange['value'], revision: Revision, known: Slot | undefined): void {
    const slot = known?.value === undefined ? this.slots.get(key) : known;
    if (value === undefined) {
      if (slot) this.delete(key, slot);
    } else if (slot) {
      slot.value = value;
      slot.revision = revision;
    } else this.insert({ key, value, revision, isPlaced: false });
  }

  private insert(slot: Slot): void {
    if (this.unplaced.length >= MAX_UNPLACED) this.place();
    this.unplaced.push(slot);
    this.slots.set(slot.key, slot);
  }

  private delete(key: string, slot: Slot): void {
    slot.value = undefined;
    this.slots.delete(key);
    if (slot.isPlaced) this.keys.delete(key);
  }

  private place(): void {
    if (this.unplaced.length === 0) return;
    for (const slot of this.unplaced) {
      if (slot.value === undefined) continue;
      this.keys.add(slot.key);
      slot.isPlaced = true;
    }
    this.unplaced = [];
  }
}

/** What readers get. A text that was made late is kept from the first reading on. */
function recordIn(slot: Slot): StoredRecord {
  if (slot.value instanceof LateText) slot.value = slot.value.write();
  return { key: slot.key, value: slot.value as string, revision: slot.revision };
}
