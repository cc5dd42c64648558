import { andThen, recover } from '../../channels/maybe-promise.js';
import type { MaybePromise } from '../../engine/message-log.js';
import type { RecordTable, StoredRecord } from '../../engine/record-table.js';
import { below, timeOf, timePrefix } from '../store/tables.js';

export interface DueParts {
  readonly plugin: string;
  /** its keys begin with `timePrefix` */
  readonly table: RecordTable;
  /** unix ms */
  readonly now: () => number;
  /** False when what is due has to wait. */
  readonly hasRoom: () => boolean;
  /** Something is due; `release` is called with its key when it is dealt with. */
  readonly take: (record: StoredRecord) => MaybePromise<void>;
  readonly failed: (error: unknown) => void;
}

/** Due records of one plugin that are dealt with at a time; the others wait in their table. */
const MAX_IN_HAND = 256;

/**
 * Takes records of a table when their time has come, the earliest first. In memory there is nothing but the moment of the
 * next one, so a plugin may have a million of them, and a restart costs one look.
 */
export class DueReader {
  /** unix ms at which something is due, or may be */
  private nextAt = 0;
  private readonly inHand = new Set<string>();
  private isReading = false;
  private isStopped = false;

  constructor(private readonly parts: DueParts) {}

  /** Something was put into the table. @param at unix ms */
  noteDue(at: number): void {
    this.nextAt = Math.min(this.nextAt, at);
  }

  /** ms until a look finds something, if nothing else happens; 0 or less: now */
  get inMs(): number {
    const { now, hasRoom } = this.parts;
    const isIdle = this.isStopped || this.inHand.size >= MAX_IN_HAND || !hasRoom();
    return isIdle ? Number.POSITIVE_INFINITY : this.nextAt - now();
  }

  /** Looks whether something is due; called many times a second, and nearly always done with one comparison. */
  look(): void {
    const { now, hasRoom } = this.parts;
    if (now() < this.nextAt || this.isReading || this.isStopped || !hasRoom()) return;
    if (this.inHand.size >= MAX_IN_HAND) return;
    this.isReading = true;
    const at = now();
    recover(
      () => andThen(this.read(at), () => this.ended()),
      (error) => {
        this.nextAt = 0;
        this.ended();
        this.parts.failed(error);
      },
    );
  }

  /** A record that was taken is dealt with. */
  release(key: string): void {
    if (this.inHand.size >= MAX_IN_HAND) this.nextAt = 0;
    this.inHand.delete(key);
  }

  stop(): void {
    this.isStopped = true;
  }

  private read(at: number): MaybePromise<void> {
    const { table, plugin } = this.parts;
    const limit = MAX_IN_HAND + this.inHand.size;
    const { from, before } = below(plugin);
    const behind = timePrefix(plugin, at + 1);
    // What is put in from now on lowers it again.
    this.nextAt = Number.POSITIVE_INFINITY;
    return andThen(table.range({ from, before: behind, limit }), (due) =>
      andThen(this.takeAll(due), () => {
        if (due.length >= limit) return this.noteDue(0);
        return andThen(table.range({ from: behind, before, limit: 1 }), ([next]) => {
          if (next) this.noteDue(timeOf(plugin, next.key).at);
        });
      }),
    );
  }

  private takeAll(due: readonly StoredRecord[]): MaybePromise<void> {
    for (let i = 0; i < due.length; i++) {
      const record = due[i] as StoredRecord;
      if (this.inHand.has(record.key)) continue;
      this.inHand.add(record.key);
      const taken = this.parts.take(record);
      if (taken instanceof Promise) return taken.then(() => this.takeAll(due.slice(i + 1)));
    }
  }

  private ended(): void {
    this.isReading = false;
  }
}
