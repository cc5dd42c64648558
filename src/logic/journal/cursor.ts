import type { RecordChange } from '../../engine/engine.js';
import type { Position } from '../../engine/position.js';
import { CURSORS, ENTRY, TURNS, turnKey, turnOf } from '../store/tables.js';
import type { Interest } from './interest.js';
import type { JournalEntry } from './journal-entry.js';

/** How far a plugin has come: as its record in `CURSORS` says, in JSON. */
export interface CursorRecord extends Interest {
  /** every entry up to here is dealt with */
  readonly position: Position;
  /** the number of that entry, or of the one before it */
  readonly seq: number;
}

/** An entry that a plugin is dealing with. */
export interface OpenEntry {
  readonly position: Position;
  readonly seq: number;
  /** unix ms */
  readonly publishedAt: number;
  /** handlers that are not done with it */
  left: number;
  /** what was committed about it, to be deleted when the mark has passed it */
  keys: string[] | undefined;
}

/** Passed entries, and notes of turns, that wait at most to be written down and deleted. */
const MAX_PASSED_ENTRIES = 1_000;
const MAX_PASSED_KEYS = 64;

/**
 * A plugin's place in the journal: a mark up to which everything is dealt with, and what is done beyond it. A turn with
 * effects commits a note of its own, which no second turn for the same event and handler can; the mark follows later, for
 * a turn without effects may come again.
 */
export class Cursor {
  private readonly open: OpenEntry[] = [];
  private head = 0;
  /** done before a restart: position → handlers */
  private readonly doneBefore = new Map<Position, Set<string>>();
  private passedKeys: string[] = [];
  private passedEntries = 0;
  /** as it is on record */
  private written: Position;

  constructor(
    private readonly plugin: string,
    private mark: Position,
    private seq: number,
    /** keys of `TURNS` */
    done: readonly string[],
  ) {
    this.written = mark;
    for (const key of done) this.noteDone(key);
  }

  /** the mark on record: what lies before it is not needed again */
  get writtenMark(): Position {
    return this.written;
  }

  /** entries that are begun and not passed by the mark */
  get ahead(): number {
    return this.open.length - this.head;
  }

  /** when the oldest of them was published, unix ms */
  get oldestAt(): number | undefined {
    return this.open[this.head]?.publishedAt;
  }

  /** True when the record says less than is known. */
  get isUnwritten(): boolean {
    return this.mark !== this.written || this.passedKeys.length > 0;
  }

  /** True when so much has been passed that it should be written down at once. */
  get isFarUnwritten(): boolean {
    return this.passedEntries >= MAX_PASSED_ENTRIES || this.passedKeys.length >= MAX_PASSED_KEYS;
  }

  wasDone(position: Position, handler: string): boolean {
    return this.doneBefore.get(position)?.has(handler) ?? false;
  }

  /** An entry goes to this many handlers, 0 included. Called in the order of the journal. */
  begin({ position, seq, publishedAt }: JournalEntry, handlers: number): OpenEntry {
    const entry: OpenEntry = { position, seq, publishedAt, left: handlers, keys: this.keysBefore(position) };
    this.open.push(entry);
    if (handlers === 0) this.advance();
    return entry;
  }

  /** The note that a turn commits: a second one for the same event and handler cannot. */
  noteOf(position: Position, handler: string): RecordChange {
    return { table: TURNS, key: turnKey(this.plugin, position, handler), value: ENTRY, ifRevision: 0 };
  }

  /** A handler is done with an entry. @param key of the note that was committed about it */
  complete(entry: OpenEntry, key: string | undefined): void {
    if (key !== undefined) {
      entry.keys ??= [];
      entry.keys.push(key);
    }
    entry.left--;
    this.advance();
  }

  /** The records that bring the mark to where it is, and what to call when they are committed. */
  write(interest: Interest): { readonly records: readonly RecordChange[]; readonly done: () => void } {
    const { mark: position, seq } = this;
    const keys = [...this.passedKeys];
    this.passedEntries = 0;
    const record: CursorRecord = { position, seq, ...interest };
    const records: RecordChange[] = [{ table: CURSORS, key: this.plugin, value: JSON.stringify(record) }];
    for (const key of keys) records.push({ table: TURNS, key, value: undefined });
    const done = () => {
      this.written = Math.max(this.written, position);
      this.passedKeys.splice(0, keys.length);
    };
    return { records, done };
  }

  private advance(): void {
    for (let first = this.open[this.head]; first && first.left === 0; first = this.open[this.head]) {
      this.mark = first.position;
      this.seq = first.seq;
      this.passedEntries++;
      if (first.keys) this.passedKeys.push(...first.keys);
      this.head++;
    }
    if (this.head * 2 <= this.open.length) return;
    this.open.splice(0, this.head);
    this.head = 0;
  }

  private noteDone(key: string): void {
    const { position, handler } = turnOf(this.plugin, key);
    const handlers = this.doneBefore.get(position) ?? new Set();
    this.doneBefore.set(position, handlers.add(handler));
  }

  private keysBefore(position: Position): string[] | undefined {
    const handlers = this.doneBefore.get(position);
    this.doneBefore.delete(position);
    return handlers && Array.from(handlers, (handler) => turnKey(this.plugin, position, handler));
  }
}
