import type { RecordChange } from '../../engine/engine.js';
import type { Command, EndedState } from '../life/command.js';
import { packed, unpacked } from './packed-command.js';
import { ENDED, ENDINGS, ENTRY, endingKey, TIME_DIGITS, timeKey } from './tables.js';

/*
 * The record of an ended command is the time of its end, as in keys, and the command packed: whoever deletes it finds its
 * entry in `ENDINGS` without reading the rest.
 */

/** Keeps a command that has ended. @param key in `ENDED` @param ifRevision of the record there; 0: there is none */
export function keepEnded(command: Command, key: string, ifRevision: number): RecordChange[] {
  const { at } = command.state as EndedState;
  return [
    { table: ENDED, key, value: timeKey(at) + packed(command), ifRevision },
    { table: ENDINGS, key: endingKey(timeKey(at), key), value: ENTRY },
  ];
}

export function endedOf(record: string): Command {
  return unpacked(record.slice(TIME_DIGITS));
}

/** Takes out the entry of a record in `ENDINGS`. */
export function withoutEnding({ key, value }: { readonly key: string; readonly value: string }): RecordChange {
  return { table: ENDINGS, key: endingKey(value.slice(0, TIME_DIGITS), key), value: undefined };
}

/** Deletes an ended command. */
export function forgetEnded(record: { readonly key: string; readonly value: string }): RecordChange[] {
  return [{ table: ENDED, key: record.key, value: undefined }, withoutEnding(record)];
}
