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

/** The record of a command that has ended. @param key in `ENDED` @param ifRevision of the record there; 0: there is none */
export function endedRecord(command: Command, key: string, ifRevision: number): RecordChange {
  return { table: ENDED, key, value: packed(command, endTimeOf(command)), ifRevision };
}

/** Its entry in `ENDINGS`. @param key in `ENDED` */
export function endingRecord(command: Command, key: string): RecordChange {
  return { table: ENDINGS, key: endingKey(endTimeOf(command), key), value: ENTRY };
}

/** When a command ended, as in keys. */
function endTimeOf({ state }: Command): string {
  return timeKey((state as EndedState).at);
}

export function endedOf(record: string): Command {
  return record.startsWith(PACKED) ? unpacked(record) : commandOf(record.slice(TIME_DIGITS));
}

/** Takes its entry out of `ENDINGS`. @param key in `ENDED` */
export function withoutEnding(command: Command, key: string): RecordChange {
  return { ...endingRecord(command, key), value: undefined };
}

/** Deletes an ended command. */
export function forgetEnded(record: { readonly key: string; readonly value: string }): RecordChange[] {
  const { key, value } = record;
  const start = value.startsWith(PACKED) ? PACKED.length : 0;
  const ending = endingKey(value.slice(start, start + TIME_DIGITS), key);
  return [
    { table: ENDED, key, value: undefined },
    { table: ENDINGS, key: ending, value: undefined },
  ];
}
