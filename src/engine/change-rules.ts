import type { ChangeSet, MessageChange, RecordChange } from './engine.js';
import { EngineError, type NewMessage, type StoredMessage } from './message-log.js';
import type { Position } from './position.js';
import type { Revision } from './record-table.js';

const TABLE_NAME = /^[a-z0-9.-]{1,64}$/;
const MAX_KEY_BYTES = 1_024;
/** What UTF-8 makes of one UTF-16 unit at most. */
const MAX_UNIT_BYTES = 3;
/** names that were found to be right: there are a few dozen, all written in this program */
const knownTables = new Set<string>();

/** Stops a change that no engine can keep: a fault of the program, not of whom it serves. @throws RangeError */
export function checkChange({ table, key }: RecordChange): void {
  if (!knownTables.has(table)) checkTable(table);
  // Most keys are too short to be too long, whatever their characters.
  if (key !== '' && key.length * MAX_UNIT_BYTES <= MAX_KEY_BYTES && !key.includes('\0')) return;
  const bytes = Buffer.byteLength(key);
  if (bytes === 0 || bytes > MAX_KEY_BYTES || key.includes('\0')) {
    throw new RangeError(
      `A record's key has 1 to ${MAX_KEY_BYTES} bytes without NUL; "${key.slice(0, 80)}" of "${table}" has ${bytes}.`,
    );
  }
}

function checkTable(name: string): void {
  if (!TABLE_NAME.test(name)) throw new RangeError(`"${name}" is not the name of a table.`);
  knownTables.add(name);
}

/**
 * Checks a set's records before any is written.
 * @param revisionOf that of a record as it is now, changes that were accepted before included; 0 when there is none
 * @throws EngineError `revision_conflict`
 */
export function checkRecords(
  records: ChangeSet['records'],
  revisionOf: (table: string, key: string) => Revision,
): void {
  for (const change of records) {
    checkChange(change);
    if (change.ifRevision === undefined) continue;
    checkRevision(change, revisionOf(change.table, change.key));
  }
}

/** @param found revision of the record that is to be changed; 0: there is none. @throws EngineError `revision_conflict` */
export function checkRevision(change: RecordChange, found: Revision): void {
  if (change.ifRevision !== undefined && found !== change.ifRevision) throw conflict(change, found);
}

/**
 * Tells a message the position of the one that it refers to. An engine calls it for each message of a set in turn, before it
 * takes the body.
 * @param earlier the messages of the set before this one
 */
export function fillReference({ refersTo, message }: MessageChange, earlier: readonly StoredMessage[]): void {
  if (refersTo !== undefined) referTo(message, (earlier[refersTo] as StoredMessage).position);
}

/** Takes the position of another message into one that refers to it. */
export function referTo(message: NewMessage, position: Position): void {
  if (message.refer) message.refer(position);
  else message.body.writeDoubleBE(position, 0);
}

function conflict({ table, key, ifRevision }: RecordChange, found: Revision): EngineError {
  const state = found === 0 ? 'does not exist' : `has revision ${found}`;
  const expected = ifRevision === 0 ? 'was not to exist' : `was expected at revision ${ifRevision}`;
  return new EngineError(
    'revision_conflict',
    `Record "${key}" of "${table}" ${state} and ${expected}: it was changed meanwhile. Read it again and decide again.`,
  );
}
