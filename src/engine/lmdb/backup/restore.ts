import { closeSync, existsSync, fsyncSync, openSync, readdirSync } from 'node:fs';
import { mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { EngineError } from '../../message-log.js';
import { BINARY, type BinaryTable, DataFile, FILE_NAME } from '../data-file.js';
import { FORMAT_KEY, formatOf } from '../format.js';
import { becomeOwner, claimFolder } from '../ownership.js';
import type { BackupFile } from './backup-file.js';
import type { Entry, TableName } from './tables.js';

export interface RestoreOptions {
  /** absolute; it exists */
  readonly folder: string;
  /** replaces what a hub has stored there */
  readonly force: boolean;
  /** ends it, with its reason; the folder is then as it was */
  readonly signal: AbortSignal;
  /** told how much more was read of the backup */
  readonly onBytes: (bytes: number) => void;
}

/** The new file is made in a folder of this name within the data folder, and takes its place in one step. */
const WORKSHOP = 'restore-';
/** lmdb's own beside its file. */
const LOCK_NAME = 'lock.mdb';
const ENTRIES_PER_COMMIT = 10_000;
/** Bytes read between two turns of the event loop. */
const STRETCH_BYTES = 4 * 1024 * 1024;

/**
 * Makes a data folder of a backup. The folder's own file is replaced in one step at the end; until then no hub can open the
 * folder, and nothing of it is changed.
 * @throws EngineError when the folder is in use or not empty, or the backup is not whole; the signal's reason
 */
export async function restore(backup: BackupFile, options: RestoreOptions): Promise<void> {
  const { folder, force } = options;
  const isNew = !existsSync(join(folder, FILE_NAME));
  checkEmpty(folder, force);
  const release = claimFolder(folder);
  const held = hold(folder, release);
  let isDone = false;
  try {
    if (!force && held.root.getBinary(FORMAT_KEY) !== undefined) throw notEmpty(folder);
    await removeLeftovers(folder);
    const workshop = await mkdtemp(join(folder, WORKSHOP));
    try {
      await build(workshop, backup, options);
      await putInPlace(workshop, folder);
      isDone = true;
    } finally {
      await rm(workshop, { recursive: true, force: true });
    }
  } finally {
    await held.close();
    if (isNew && !isDone) for (const name of [FILE_NAME, LOCK_NAME]) await rm(join(folder, name), { force: true });
    release();
  }
}

/** Keeps every hub out of the folder until it is closed. */
function hold(folder: string, release: () => void): DataFile {
  let file: DataFile | undefined;
  try {
    file = new DataFile(folder);
    formatOf(file);
    becomeOwner(file);
    return file;
  } catch (error) {
    void file?.close();
    release();
    throw error;
  }
}

function checkEmpty(folder: string, force: boolean): void {
  const isOurs = (name: string) => name === FILE_NAME || name === LOCK_NAME || name.startsWith(WORKSHOP);
  if (!force && !readdirSync(folder).every(isOurs)) throw notEmpty(folder);
}

/** Of a restore that was ended by force. */
async function removeLeftovers(folder: string): Promise<void> {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(WORKSHOP)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

async function build(workshop: string, backup: BackupFile, options: RestoreOptions): Promise<void> {
  const file = new DataFile(workshop, 'build');
  try {
    const tables = tablesIn(file);
    let commit: Entry[] = [];
    const write = () => {
      file.exclusively(() => {
        for (const { table, key, value } of commit) tables[table].putSync(key, value, APPENDING);
      });
      commit = [];
    };
    const collect = (entry: Entry) => {
      commit.push(entry);
      if (commit.length >= ENTRIES_PER_COMMIT) write();
    };
    await readThrough(backup.entries(), options, collect);
    write();
    // Twice, so that both of lmdb's two states name this process: whichever a hub met, it would keep out.
    becomeOwner(file);
    becomeOwner(file);
  } finally {
    await file.close();
  }
}

/** The entries come in the order of their keys, so that lmdb need not look for their places and fills its pages. */
const APPENDING = { append: true };

function tablesIn({ root }: DataFile): Record<TableName, BinaryTable> {
  const open = (name: string) => root.openDB(name, BINARY) as BinaryTable;
  const [channels, removed, records, messages] = ['channels', 'removed', 'records', 'messages'].map(open);
  return { state: root, channels, removed, records, messages } as Record<TableName, BinaryTable>;
}

/** First the file, then the lock: a hub that starts between the two finds this process as the owner of the new file. */
async function putInPlace(workshop: string, folder: string): Promise<void> {
  const made = join(workshop, FILE_NAME);
  sync(made);
  await rename(made, join(folder, FILE_NAME));
  await rm(join(folder, LOCK_NAME), { force: true });
  sync(folder);
}

function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/** Reads entries to their end, letting signals come in between. */
export async function readThrough(
  entries: Iterable<Entry>,
  { signal, onBytes }: Pick<RestoreOptions, 'signal' | 'onBytes'>,
  take: (entry: Entry) => void = () => {},
): Promise<void> {
  let bytes = 0;
  const pause = async () => {
    onBytes(bytes);
    bytes = 0;
    await turn();
    signal.throwIfAborted();
  };
  for (const entry of entries) {
    take(entry);
    bytes += entry.key.length + entry.value.length;
    if (bytes >= STRETCH_BYTES) await pause();
  }
  await pause();
}

function notEmpty(folder: string): EngineError {
  return new EngineError(
    'engine_unavailable',
    `The folder ${folder} is not empty. Name an empty one with --data, or let --force replace what a hub stored there.`,
  );
}
