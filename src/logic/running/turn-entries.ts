import { Buffer } from 'node:buffer';
import { andThen } from '../../channels/maybe-promise.js';
import type { MaybePromise } from '../../engine/message-log.js';
import type { RecordTable, Revision } from '../../engine/record-table.js';
import type { StateEntries, TurnState } from '../../plugin/turn.js';
import { below } from '../store/tables.js';
import { checkName, invalid, jsonOf, type StateEffect } from './effects.js';

/** `STATE`, wherever it is read from. */
export type StateReader = Pick<RecordTable, 'get' | 'range'>;

/** What a turn may read of its plugin's state, and where it puts what it sets. */
export interface StateAccess {
  readonly plugin: string;
  /** `STATE` */
  readonly table: StateReader;
  /** @throws HubError `turn_over`, `turn_limit` */
  ask(effect: StateEffect): void;
  /** What the turn itself has set of an entry; undefined: nothing. */
  pending(entry: string): StateEffect | undefined;
  /** Every entry that it has set. */
  allPending(): Iterable<StateEffect>;
  /** @throws HubError `turn_over` */
  checkOpen(): void;
}

const MAX_VALUE_BYTES = 64 * 1024;
const MAX_LISTED = 1_000;
const STATE_NAME = /^[^\0-\x1f\x7f]{1,256}$/;

/** The state that a turn sees: what was committed, and before it what the turn has set. */
export class OpenState implements TurnState {
  /** revisions of what was read: what is set on the strength of it must not have been changed meanwhile */
  private readonly read = new Map<string, Revision>();

  constructor(private readonly access: StateAccess) {}

  get global(): StateEntries {
    return new Entries('g/', this.access, this.read);
  }

  for(key: string): StateEntries {
    checkName("state's key", key);
    return new Entries(`k/${key}/`, this.access, this.read);
  }
}

class Entries implements StateEntries {
  constructor(
    private readonly prefix: string,
    private readonly access: StateAccess,
    private readonly read: Map<string, Revision>,
  ) {}

  async get<T>(name: string): Promise<T | undefined> {
    const entry = this.entryOf(name);
    this.access.checkOpen();
    const pending = this.access.pending(entry);
    const value = pending ? pending.value : await this.stored(entry);
    return value === undefined ? undefined : (JSON.parse(value) as T);
  }

  set(name: string, value: unknown): void {
    const entry = this.entryOf(name);
    const json = jsonOf(`The state "${name}"`, value);
    const bytes = Buffer.byteLength(json);
    if (bytes > MAX_VALUE_BYTES) {
      throw invalid(`The state "${name}" has ${bytes} bytes; ${MAX_VALUE_BYTES} are allowed for one value.`);
    }
    this.ask(entry, json);
  }

  delete(name: string): void {
    this.ask(this.entryOf(name), undefined);
  }

  async list<T>(prefix = ''): Promise<readonly { readonly name: string; readonly value: T }[]> {
    this.access.checkOpen();
    const start = this.prefix + prefix;
    const { plugin, table } = this.access;
    const from = `${plugin}/${start}`;
    const { before } = prefix === '' ? below(from.slice(0, -1)) : { before: `${from}\u{10ffff}` };
    const found = new Map<string, string>();
    for (const { key, value, revision } of await table.range({ from, before, limit: MAX_LISTED })) {
      const entry = key.slice(plugin.length + 1);
      this.note(entry, revision);
      found.set(entry, value);
    }
    for (const { entry, value } of this.access.allPending()) {
      if (!entry.startsWith(start)) continue;
      if (value === undefined) found.delete(entry);
      else found.set(entry, value);
    }
    return [...found]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([entry, value]) => ({ name: entry.slice(this.prefix.length), value: JSON.parse(value) as T }));
  }

  private stored(entry: string): MaybePromise<string | undefined> {
    const { plugin, table } = this.access;
    return andThen(table.get(`${plugin}/${entry}`), (record) => {
      this.note(entry, record?.revision ?? 0);
      return record?.value;
    });
  }

  /** The first reading counts: what it showed is what the turn decides on. */
  private note(entry: string, revision: Revision): void {
    if (!this.read.has(entry)) this.read.set(entry, revision);
  }

  private ask(entry: string, value: string | undefined): void {
    this.access.ask({ kind: 'state', entry, value, ifRevision: this.read.get(entry) });
  }

  private entryOf(name: string): string {
    if (typeof name === 'string' && STATE_NAME.test(name)) return this.prefix + name;
    throw invalid(
      `"${String(name).slice(0, 80)}" names no state: it must be 1 to 256 characters, none of them control.`,
    );
  }
}
