import type { MaybePromise, MessageLog, NewMessage, StoredMessage } from './message-log.js';
import { LateText, type RecordTable, type Revision } from './record-table.js';

/** One record written, or deleted. */
export interface RecordChange {
  /** name of the table, 1 to 64 of `a-z 0-9 - .` */
  readonly table: string;
  /** 1 to 1,024 bytes of UTF-8 without NUL */
  readonly key: string;
  /** undefined: the record is deleted; one that is not there is no error */
  readonly value: string | LateText | undefined;
  /** compare-and-set: the revision that the record must have, 0 for "must not exist"; left out: whatever is there */
  readonly ifRevision?: Revision;
}

/** A change whose text has been made, as engines need it that write it down. */
export interface WrittenChange extends RecordChange {
  readonly value: string | undefined;
}

export function writtenChange(change: RecordChange): WrittenChange {
  const { value } = change;
  return value instanceof LateText ? { ...change, value: value.write() } : (change as WrittenChange);
}

/** A message to be added at the end of a channel's log, together with records. */
export interface MessageChange {
  readonly channel: string;
  readonly message: NewMessage;
  /**
   * Index of an earlier message of the set, whose position this one takes into its body (`NewMessage.refer`), so that two
   * channels can hold the two halves of one fact. Left out: the body stays as it is.
   */
  readonly refersTo?: number;
  /**
   * What brought it about, as JSON, for whoever takes part in the commit. Engines do not keep it: that is for messages whose
   * body tells it already. Left out: that of the message.
   */
  readonly cause?: string | undefined;
}

/** What happens together or not at all: any tables, any channels. */
export interface ChangeSet {
  readonly records: readonly RecordChange[];
  readonly messages?: readonly MessageChange[];
}

export interface Commit {
  /** of the records written */
  readonly revision: Revision;
  /** the stored messages, in the order of the set's `messages` */
  readonly messages: readonly StoredMessage[];
}

/** How an engine that keeps a file is doing, for operators. */
export interface EngineStats {
  /** of the data file; it never shrinks, and what is free in it is used again */
  readonly fileBytes: number;
  /** of them, holding what is stored or how it is found */
  readonly usedBytes: number;
  /** commits since the start, and those that failed */
  readonly commits: number;
  readonly failures: number;
  /** false: the last commit failed, and publishers are refused */
  readonly isHealthy: boolean;
  /** channels that are in memory */
  readonly openChannels: number;
  /** bytes of the newest messages that are in memory beside the disk */
  readonly tailBytes: number;
}

/** Keeps messages and records. One writer, the hub; any number of readers. */
export interface Engine {
  readonly messages: MessageLog;
  /** The table of that name, made with its first record. */
  table(name: string): RecordTable;
  /**
   * Makes all changes or none. Sets are applied in the order of the calls, in one order with the appends of `messages`;
   * the promises resolve in that order too, each once its changes are as safe as the engine makes them.
   * @throws EngineError `revision_conflict` when a record has another revision than `ifRevision` (read again, decide
   * again), `log_full` when there is no room, `engine_unavailable`; nothing is changed then
   */
  commit(changes: ChangeSet): MaybePromise<Commit>;
  /** Only of engines that keep a file. */
  stats?(): EngineStats;
  /** Completes what is under way. Nothing may be called afterwards. */
  close(): Promise<void>;
}
