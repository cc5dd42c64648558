import { andThen } from '../../channels/maybe-promise.js';
import type { Engine } from '../../engine/engine.js';
import type { MaybePromise } from '../../engine/message-log.js';
import type { Revision, StoredRecord } from '../../engine/record-table.js';
import type { Command } from '../life/command.js';
import { commandOf, EMPTY_HEAD, headOf, type QueueHead } from '../store/command-json.js';
import { ENDED, HEADS, LIVE, rangeOf, recordKey } from '../store/tables.js';

/** A command together with the record that holds it. */
export interface Held {
  readonly command: Command;
  readonly revision: Revision;
  readonly table: typeof LIVE | typeof ENDED;
}

/** A device's queue as its records say. Replaced piece by piece when a change is committed. */
export interface QueueState {
  readonly device: string;
  /** those that have not ended, by id */
  readonly held: Map<string, Held>;
  /** their names and params */
  bytes: number;
  head: QueueHead;
  /** 0: there is no record */
  headRevision: Revision;
}

/** The most commands of one device: what one range of an engine gives. */
export const MAX_HELD = 10_000;

/** Reads a device's queue: two reads, however many queues there are. */
export function readQueue(engine: Engine, device: string): MaybePromise<QueueState> {
  return andThen(engine.table(HEADS).get(device), (head) =>
    andThen(engine.table(LIVE).range({ ...rangeOf(device), limit: MAX_HELD }), (records) =>
      queueOf(device, head, records),
    ),
  );
}

/** An ended command; undefined when there is none. */
export function readEnded(engine: Engine, device: string, id: string): MaybePromise<Held | undefined> {
  return andThen(engine.table(ENDED).get(recordKey(device, id)), (record) => record && heldOf(record, ENDED));
}

/** Bytes that a command counts with against its queue's limit. */
export function sizeOf({ name, paramsJson }: Pick<Command, 'name' | 'paramsJson'>): number {
  return Buffer.byteLength(name) + Buffer.byteLength(paramsJson);
}

function queueOf(device: string, head: StoredRecord | undefined, records: readonly StoredRecord[]): QueueState {
  const held = new Map<string, Held>();
  let bytes = 0;
  for (const record of records) {
    const one = heldOf(record, LIVE);
    held.set(one.command.id, one);
    bytes += sizeOf(one.command);
  }
  return { device, held, bytes, head: head ? headOf(head.value) : EMPTY_HEAD, headRevision: head?.revision ?? 0 };
}

function heldOf({ value, revision }: StoredRecord, table: Held['table']): Held {
  return { command: commandOf(value), revision, table };
}
