import { LateText } from '../../engine/record-table.js';
import type { Command } from '../life/command.js';

/** Numbers of a queue that outlive its commands. */
export interface QueueHead {
  /** the highest number given to a command */
  readonly seq: number;
  /** commands dropped since the last delivery, which tells the device */
  readonly dropped: number;
  /** unix ms of the queue's entry in `WAKES`; undefined: it has none */
  readonly wakeAt: number | undefined;
}

/** An Idempotency-Key that was used. */
export interface KeyRecord {
  /** the command that was made */
  readonly id: string;
  /** of the request that made it */
  readonly digest: string;
  /** unix ms */
  readonly expiresAt: number;
}

export const EMPTY_HEAD: QueueHead = { seq: 0, dropped: 0, wakeAt: undefined };

/** Records are the objects themselves: every field is one that JSON keeps as it is. */
export function toRecord(value: KeyRecord): string {
  return JSON.stringify(value);
}

/**
 * The record of a command that has not ended, or of a queue's head. Most are replaced before anybody reads them, so that
 * JSON is made when somebody does.
 */
class JsonText<Value extends Command | QueueHead> extends LateText {
  constructor(private readonly value: Value) {
    super();
  }

  write(): string {
    return JSON.stringify(this.value);
  }
}

export class CommandText extends JsonText<Command> {}

export class HeadText extends JsonText<QueueHead> {}

export function commandOf(record: string): Command {
  return JSON.parse(record) as Command;
}

export function headOf(record: string): QueueHead {
  return JSON.parse(record) as QueueHead;
}

export function keyRecordOf(record: string): KeyRecord {
  return JSON.parse(record) as KeyRecord;
}
