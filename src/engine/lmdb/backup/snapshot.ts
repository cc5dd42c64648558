import type { Transaction } from 'lmdb';
import { BINARY, type BinaryTable, DataFile } from '../data-file.js';
import { EMPTY_STATE, type EngineState, readState, STATE_KEY } from '../engine-state.js';
import { Environment, type FileStats } from '../environment.js';
import { FORMAT_KEY, formatOf } from '../format.js';
import { ownerOf } from '../ownership.js';
import { unusable } from '../unusable.js';
import type { Entry } from './tables.js';

/** What a data folder holds at one moment: read beside the hub that goes on writing it, or while there is none. */
export class Snapshot {
  readonly format: number;
  readonly state: EngineState;
  /** the process of the hub that has the folder open */
  readonly owner: number | undefined;
  readonly file: FileStats;
  private readonly messages: BinaryTable;

  /** @throws EngineError `engine_unavailable` when the folder holds nothing that this version can read */
  static async open(folder: string): Promise<Snapshot> {
    const file = new DataFile(folder, 'read');
    try {
      return new Snapshot(file);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  private readonly env: Environment;
  private readonly moment: Transaction;

  private constructor(private readonly data: DataFile) {
    this.format = formatOf(data);
    if (data.root.getBinary(FORMAT_KEY) === undefined) throw unusable(data.folder, 'no hub has stored anything there');
    this.env = new Environment(data);
    this.messages = data.root.openDB('messages', BINARY);
    this.owner = ownerOf(data);
    this.file = this.env.stats();
    this.moment = data.root.useReadTransaction();
    const state = this.single(STATE_KEY);
    this.state = state ? readState(state) : EMPTY_STATE;
  }

  /** Everything that is stored, table by table, each in the order of its keys; asked for once. */
  *entries(): Generator<Entry> {
    for (const key of [FORMAT_KEY, STATE_KEY]) {
      const value = this.single(key);
      if (value) yield { table: 'state', key, value };
    }
    const { channels, removed, records } = this.env;
    for (const [table, from] of Object.entries({ channels, removed, records, messages: this.messages })) {
      yield* this.of(table as Entry['table'], from);
    }
  }

  /** Lets the hub use again the pages that the snapshot held on to. */
  async close(): Promise<void> {
    this.moment.done();
    await this.data.close();
  }

  private single(key: Buffer): Buffer | undefined {
    for (const found of this.of('state', this.data.root, { start: key, limit: 1 })) {
      if (found.key.equals(key)) return found.value;
    }
    return undefined;
  }

  private *of(table: Entry['table'], from: BinaryTable, range = {}): Generator<Entry> {
    const read: object = { ...range, transaction: this.moment };
    for (const { key, value } of from.getRange(read)) yield { table, key, value };
  }
}
