import type { Fault } from '../fault.js';

/** A value of the configuration as it was written, and where. */
export interface Entry {
  /** its name in messages: `limits.max_channels`, `SIGNALBOX_LISTEN`, `--listen` */
  readonly key: string;
  /** the file as it was named; `environment` or `command line` */
  readonly file: string;
  readonly line: number | undefined;
  /** absolute; relative paths begin here */
  readonly folder: string;
  /** null when a key stands without a value */
  readonly value: unknown;
  /** of a mapping, by key; undefined for all else */
  readonly members: Entries | undefined;
  /** of a list; undefined for all else */
  readonly items: readonly Entry[] | undefined;
}

export type Entries = ReadonlyMap<string, Entry>;

export const NO_ENTRIES: Entries = new Map();

/** A value that came with the environment or the command line. */
export function plainEntry(key: string, file: string, folder: string, value: string): Entry {
  return { key, file, line: undefined, folder, value, members: undefined, items: undefined };
}

export function faultAt({ key, file, line, value }: Entry, allowed: string): Fault {
  return { key, file, line, value, allowed };
}

/** The members of what should be a mapping; none, and a fault, when it is not. A key without a value has none. */
export function membersOf(entry: Entry | undefined, faults: Fault[]): Entries {
  if (entry?.members) return entry.members;
  if (entry && entry.value !== null) faults.push(faultAt(entry, 'A mapping of keys to values is allowed.'));
  return NO_ENTRIES;
}

/** The items of what should be a list; none, and a fault, when it is not. */
export function itemsOf(entry: Entry | undefined, faults: Fault[]): readonly Entry[] {
  if (entry?.items) return entry.items;
  if (entry && entry.value !== null) faults.push(faultAt(entry, 'A list is allowed, each item behind a "- ".'));
  return [];
}
