import type { RecordChange } from '../../engine/engine.js';
import type { Command, EndedState } from '../life/command.js';
import { commandOf } from './command-json.js';
import { packed, unpacked } from './packed-command.js';
import { ENDED, ENDINGS, ENTRY, endingKey, TIME_DIGITS, timeKey } from './tables.js';

/*
 * The record of an ended command is the command packed, with the time of its end, as in keys, at the front: whoever deletes
 * it finds its entry in `ENDINGS` without reading the rest. Before it was packed it was that time, and then JSON.
 */
const PACKED = '["';

/** Keeps a command that has ended. @param key in `ENDED` @param ifRevision of the record there; 0: there is none */
export function keepEnded(command: Command, key: string, ifRevision: number): RecordChange[] {
  const endedAt = timeKey((command.state as EndedState).at);
  return [
    { table: ENDED, key, value: packed(command, endedAt), ifRevision },
    { table: ENDINGS, key: endingKey(endedAt, key), value: ENTRY },
  ];
}

export function endedOf(record: string): Command {
  return record.startsWith(PACKED) ? unpacked(record) : commandOf(record.slice(TIME_DIGITS));
}

/** Takes out the entry of a record in `ENDINGS`. @param endedAt as in keys */
export function withoutEnding(key: string, endedAt: string): RecordChange {
  return { table: ENDINGS, key: endingKey(endedAt, key), value: undefined };
}

/** Deletes an ended command. */
export function forgetEnded(record: { readonly key: string; readonly value: string }): RecordChange[] {
  const { key, value } = record;
  const start = value.startsWith(PACKED) ? PACKED.length : 0;
  return [{ table: ENDED, key, value: undefined }, withoutEnding(key, value.slice(start, start + TIME_DIGITS))];
}
