import type { RecordChange } from '../../engine/engine.js';
import type { Position } from '../../engine/position.js';
import { LateText, type Revision } from '../../engine/record-table.js';
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
  /** true: a turn about it was given a note to commit, which the others must be able to meet */
  isNoted: boolean;
}

/** A turn's commit that moves the mark past its entry, from when it is made until it is known what became of it. */
interface Passing {
  readonly entry: OpenEntry;
  readonly record: RecordChange;
}

/** A write of the mark that is to be committed. */
export interface Writing {
  readonly records: readonly RecordChange[];
  readonly done: (revision: Revision) => void;
}

/** Each turn moves the mark, and only a start reads it: it is written when an engine needs it. */
class MarkText extends LateText {
  constructor(
    private readonly position: Position,
    private readonly seq: number,
    private readonly interestJson: string,
  ) {
    super();
  }

  write(): string {
    return `{"position":${this.position},"seq":${this.seq},${this.interestJson}}`;
  }
}

/** Passed entries, and notes of turns, that wait at most to be written down and deleted. */
const MAX_PASSED_ENTRIES = 1_000;
const MAX_PASSED_KEYS = 64;

/**
 * A plugin's place in the journal: a mark up to which everything is dealt with, and what is done beyond it. A turn with
 * effects commits what no second turn for the same event and handler can: the mark itself, moved past its event, when
 * nothing before that is open; else a note of its own, and the mark follows later. It also follows turns without effects
 * later, for they may come again.
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
  /** of that record; undefined: not known, for it was never written, or a commit was told to have failed */
  private revision: Revision | undefined = undefined;
  private passing: Passing | undefined = undefined;

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

  /** the oldest of them */
  get oldest(): Position | undefined {
    return this.open[this.head]?.position;
  }

  /** when it was published, unix ms */
  get oldestAt(): number | undefined {
    return this.open[this.head]?.publishedAt;
  }

  /** True when the record says less than is known. */
  get isUnwritten(): boolean {
    return this.mark !== this.written || this.passedKeys.length > 0;
  }

  /** True while a turn's commit moves the mark: nobody else may write it. */
  get isTaken(): boolean {
    return this.passing !== undefined;
  }

  /** True when so much has been passed that it should be written down at once. */
  get isFarUnwritten(): boolean {
    return this.passedEntries >= MAX_PASSED_ENTRIES || this.passedKeys.length >= MAX_PASSED_KEYS;
  }

  /** True while something is left of what was done before a restart. */
  get knowsDone(): boolean {
    return this.doneBefore.size > 0;
  }

  wasDone(position: Position, handler: string): boolean {
    return this.doneBefore.get(position)?.has(handler) ?? false;
  }

  /** Whether an entry was begun and some handler is not done with it. It looks through all that are ahead: for people. */
  isOpen(position: Position): boolean {
    return this.open.some((entry) => entry.position === position && entry.left > 0);
  }

  /** An entry goes to this many handlers, 0 included. Called in the order of the journal. */
  begin({ position, seq, publishedAt }: JournalEntry, handlers: number): OpenEntry {
    const entry: OpenEntry = {
      position,
      seq,
      publishedAt,
      left: handlers,
      keys: this.keysBefore(position),
      isNoted: false,
    };
    this.open.push(entry);
    if (handlers === 0) this.advance();
    return entry;
  }

  /**
   * What a turn commits so that no second one for the same event and handler can. The same each time it is asked for, so
   * that a turn which comes again meets what the one before may have committed.
   * @param interestJson as `write` has it
   */
  recordOf(entry: OpenEntry, handler: string, interestJson: string): RecordChange {
    const { passing } = this;
    if (passing?.entry === entry) return passing.record;
    if (!this.canPass(entry)) {
      entry.isNoted = true;
      return { table: TURNS, key: turnKey(this.plugin, entry.position, handler), value: ENTRY, ifRevision: 0 };
    }
    const record = { ...this.recordAt(entry, interestJson), ifRevision: this.revision as Revision };
    this.passing = { entry, record };
    return record;
  }

  /** True for a record that moves the mark. */
  isMark({ table }: RecordChange): boolean {
    return table === CURSORS;
  }

  /** The turn that was to move the mark past an entry is over. @param revision of the record; undefined: not known */
  passed(entry: OpenEntry, isCommitted: boolean, revision: Revision | undefined): void {
    this.passing = undefined;
    this.revision = revision;
    if (isCommitted) this.written = Math.max(this.written, entry.position);
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

  /**
   * The records that bring the mark to where it is, and what to call when they are committed, with their revision, or when
   * they are not. Not while the mark is taken.
   * @param interestJson what the plugin wants, as members of a JSON object
   */
  write(interestJson: string): Writing {
    const { mark: position, seq } = this;
    const keys = [...this.passedKeys];
    this.passedEntries = 0;
    this.revision = undefined;
    const records: RecordChange[] = [this.recordAt({ position, seq }, interestJson)];
    for (const key of keys) records.push({ table: TURNS, key, value: undefined });
    const done = (revision: Revision) => {
      this.revision = revision;
      this.written = Math.max(this.written, position);
      this.passedKeys.splice(0, keys.length);
    };
    return { records, done };
  }

  private canPass(entry: OpenEntry): boolean {
    if (this.passing || this.revision === undefined || this.open[this.head] !== entry) return false;
    return entry.left === 1 && !entry.isNoted && !entry.keys;
  }

  private recordAt({ position, seq }: Pick<OpenEntry, 'position' | 'seq'>, interestJson: string): RecordChange {
    return { table: CURSORS, key: this.plugin, value: new MarkText(position, seq, interestJson) };
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
    // A turn moved the mark past it, and then the hub ended before it was deleted.
    if (position <= this.mark) {
      this.passedKeys.push(key);
      return;
    }
    const handlers = this.doneBefore.get(position) ?? new Set();
    this.doneBefore.set(position, handlers.add(handler));
  }

  private keysBefore(position: Position): string[] | undefined {
    if (!this.knowsDone) return undefined;
    const handlers = this.doneBefore.get(position);
    this.doneBefore.delete(position);
    return handlers && Array.from(handlers, (handler) => turnKey(this.plugin, position, handler));
  }
}
