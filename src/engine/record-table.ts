import type { MaybePromise } from './message-log.js';

/** Rises with every change that an engine takes, over all tables; 0 stands for "there is no record". */
export type Revision = number;

/**
 * A record's text that is made when somebody asks for it, the same each time. An engine that keeps records in memory may
 * never have to: most are replaced before they are read.
 */
export abstract class LateText {
  abstract write(): string;
}

/** A record as it is kept. Never changes; readers share it. */
export interface StoredRecord {
  readonly key: string;
  /** what its room wrote, usually JSON; may be made the first time it is asked for */
  readonly value: string;
  /** that of the change that wrote it */
  readonly revision: Revision;
}

/** Which records of a table, in the order of their keys' UTF-8 bytes. */
export interface RecordRange {
  /** the lowest key, itself included; left out: from the beginning */
  readonly from?: string;
  /** the first key that is no longer meant; left out: to the end */
  readonly before?: string;
  /** 1 to 10,000 */
  readonly limit: number;
  /** from the highest key down */
  readonly reverse?: boolean;
}

/**
 * Records by key, in order. Readers see every change that the engine has accepted, also one that is not committed yet:
 * what must not be told before it is safe waits for the promise of its own commit.
 * @see test/contracts/record-table.contract.ts
 */
export interface RecordTable {
  get(key: string): MaybePromise<StoredRecord | undefined>;
  range(range: RecordRange): MaybePromise<readonly StoredRecord[]>;
  /** How many there are. Of a part they are counted key by key, and of a table too where it is on a disk. */
  count(range?: Pick<RecordRange, 'from' | 'before'>): MaybePromise<number>;
}
