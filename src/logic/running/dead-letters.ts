import { HubError } from '../../channels/hub-error.js';
import { readAll } from '../../devices/registry/read-all.js';
import { retryOnConflict } from '../../devices/registry/retry-on-conflict.js';
import type { Engine, RecordChange } from '../../engine/engine.js';
import type { Revision } from '../../engine/record-table.js';
import type { LetterRecord } from '../store/records.js';
import { below, LETTERS } from '../store/tables.js';

/** Turns that one plugin may have in its dead letters; one more drops the oldest. */
export const MAX_LETTERS = 1_000;

/** The turns of a plugin that were given up for good, as records that can be read, driven again and deleted. */
export class DeadLetters {
  /** the oldest first: ids sort by time */
  private ids: string[] = [];

  constructor(
    private readonly plugin: string,
    private readonly engine: Engine,
  ) {}

  get count(): number {
    return this.ids.length;
  }

  async load(): Promise<void> {
    this.ids = [];
    for await (const { key } of readAll(this.engine.table(LETTERS), below(this.plugin))) {
      this.ids.push(key.slice(this.plugin.length + 1));
    }
  }

  /** The records that put a turn in, and that take the oldest out when there are too many. */
  put(
    letter: LetterRecord,
    ifRevision: Revision,
  ): { readonly records: readonly RecordChange[]; readonly done: () => boolean } {
    const isNew = ifRevision === 0;
    const dropped = isNew && this.ids.length >= MAX_LETTERS ? this.ids[0] : undefined;
    const records: RecordChange[] = [
      { table: LETTERS, key: this.keyOf(letter.id), value: JSON.stringify(letter), ifRevision },
    ];
    if (dropped !== undefined) records.push({ table: LETTERS, key: this.keyOf(dropped), value: undefined });
    const done = () => {
      if (isNew) this.ids.push(letter.id);
      if (dropped !== undefined) this.forget(dropped);
      return dropped !== undefined;
    };
    return { records, done };
  }

  /** The record that takes a turn out. */
  removal(id: string, ifRevision: Revision): RecordChange {
    return { table: LETTERS, key: this.keyOf(id), value: undefined, ifRevision };
  }

  /** It was taken out. */
  forget(id: string): void {
    const index = this.ids.indexOf(id);
    if (index >= 0) this.ids.splice(index, 1);
  }

  /** Up to `limit` behind `after`, the oldest first. */
  async list(after: string, limit: number): Promise<readonly LetterRecord[]> {
    const { before } = below(this.plugin);
    const from = `${this.plugin}/${after === '' ? '' : `${after}\u0001`}`;
    const records = await this.engine.table(LETTERS).range({ from, before, limit });
    return records.map(({ value }) => JSON.parse(value) as LetterRecord);
  }

  /** @throws HubError `dead_letter_not_found` */
  async get(id: string): Promise<{ readonly letter: LetterRecord; readonly revision: Revision }> {
    const record = ID.test(id) ? await this.engine.table(LETTERS).get(this.keyOf(id)) : undefined;
    if (record) return { letter: JSON.parse(record.value) as LetterRecord, revision: record.revision };
    const sentence = `The plugin "${this.plugin}" has no dead letter "${id.slice(0, 40)}".`;
    throw new HubError('dead_letter_not_found', sentence);
  }

  /** @throws HubError `dead_letter_not_found` */
  async delete(id: string): Promise<void> {
    await retryOnConflict(async () => {
      const { revision } = await this.get(id);
      await this.engine.commit({ records: [this.removal(id, revision)] });
    });
    this.forget(id);
  }

  private keyOf(id: string): string {
    return `${this.plugin}/${id}`;
  }
}

const ID = /^[0-9A-Z]{26}$/;
