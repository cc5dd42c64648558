import { andThen, recover } from '../../channels/maybe-promise.js';
import type { Engine, RecordChange } from '../../engine/engine.js';
import type { MaybePromise } from '../../engine/message-log.js';
import type { Revision } from '../../engine/record-table.js';
import type { Cursor, CursorRecord, OpenEntry } from './cursor.js';
import type { Interest } from './interest.js';
import type { Journal } from './journal.js';

export interface ProgressParts {
  readonly engine: Engine;
  readonly journal: Pick<Journal, 'trim'>;
  /** The cursor could not be written; it is tried again. */
  failed(error: unknown): void;
}

/** Entries that turns move the mark past before the journal is trimmed, or less within a second. */
const TRIM_AFTER = 256;

/** Has a plugin's cursor committed: by its turns, each with what it asks for, and now and then by itself. */
export class CursorProgress {
  private isWriting = false;
  private interestJson: string;
  /** entries that turns moved the mark past since the journal was trimmed */
  private untrimmed = 0;

  /** @param isNew true: its record lacks something beside the mark */
  constructor(
    private readonly cursor: Cursor,
    private interest: Interest,
    private isNew: boolean,
    private readonly parts: ProgressParts,
  ) {
    this.interestJson = membersOf(interest);
  }

  /** What the plugin wants from now on; it is written down with the mark. */
  want(interest: Interest): void {
    this.isNew ||= JSON.stringify(interest) !== JSON.stringify(this.interest);
    this.interest = interest;
    this.interestJson = membersOf(interest);
  }

  /** There is something to write down. */
  get isUnsaved(): boolean {
    return this.untrimmed > 0 || this.isNew || this.cursor.isUnwritten;
  }

  /** What a turn commits so that no second one for the same event and handler can. */
  recordOf(entry: OpenEntry, handler: string): RecordChange {
    return this.cursor.recordOf(entry, handler, this.interestJson);
  }

  /** Whether what the turn was to commit is committed, by it or by one before it. */
  async wasCommitted(record: RecordChange, { position }: OpenEntry): Promise<boolean> {
    const kept = await this.parts.engine.table(record.table).get(record.key);
    if (!kept || !this.cursor.isMark(record)) return kept !== undefined;
    return (JSON.parse(kept.value) as CursorRecord).position >= position;
  }

  /**
   * A handler is done with an entry.
   * @param record what it was given to commit; undefined: it had nothing to commit
   * @param isCommitted whether it is
   * @param revision of the commit; undefined: not known
   */
  complete(entry: OpenEntry, record: RecordChange | undefined, isCommitted: boolean, revision?: Revision): void {
    const isMark = record !== undefined && this.cursor.isMark(record);
    if (isMark) this.cursor.passed(entry, isCommitted, revision);
    this.cursor.complete(entry, isCommitted && !isMark ? record?.key : undefined);
    if (isMark && ++this.untrimmed >= TRIM_AFTER) this.trim();
    if (this.cursor.isFarUnwritten) void this.save();
  }

  /** Writes down how far the plugin has come, unless that is known or under way. Never throws. */
  save(): MaybePromise<void> {
    if (this.untrimmed > 0) this.trim();
    if (this.isWriting || this.cursor.isTaken || !this.isUnsaved) return;
    this.isWriting = true;
    const { records, done } = this.cursor.write(this.interestJson);
    return recover(
      () =>
        andThen(this.parts.engine.commit({ records }), ({ revision }) => {
          this.isWriting = false;
          this.isNew = false;
          done(revision);
          this.trim();
        }),
      (error) => {
        this.isWriting = false;
        this.parts.failed(error);
      },
    );
  }

  private trim(): void {
    this.untrimmed = 0;
    this.parts.journal.trim();
  }
}

/** An object as JSON without its braces. */
function membersOf(interest: Interest): string {
  return JSON.stringify(interest).slice(1, -1);
}
