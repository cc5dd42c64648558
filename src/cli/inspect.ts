import type { Contents } from '../engine/lmdb/backup/contents.js';
import type { Entry } from '../engine/lmdb/backup/tables.js';
import { type DataOptions, dataFolder, inWords } from './data-folder.js';
import { EXIT } from './exit-code.js';
import { type Inspected, inspectionText } from './inspection-text.js';
import { interruptible } from './interruptible.js';
import { openBackup } from './open-backup.js';
import { Progress } from './progress.js';
import { print, type Terminal } from './terminal.js';

export interface InspectOptions extends DataOptions {
  readonly json?: boolean;
}

/** Channels that are listed. */
const LARGEST = 10;

/**
 * `signalbox inspect`: tells what a data folder, also one in use, or a backup holds.
 * @param path a backup; undefined: the data folder
 * @returns the exit code
 * @throws Failure when it cannot be read or is damaged
 */
export async function inspect(path: string | undefined, options: InspectOptions, terminal: Terminal): Promise<number> {
  return interruptible(terminal, 'Nothing was told.', async (signal) => {
    const look = (entries: Iterable<Entry>, bytes: number) => count(entries, { bytes, signal, terminal });
    const found = path === undefined ? await inFolder(dataFolder(options, terminal), look) : await inBackup(path, look);
    await print(terminal.stdout, options.json ? `${JSON.stringify(found, undefined, 2)}\n` : inspectionText(found));
    return EXIT.ok;
  });
}

type Look = (entries: Iterable<Entry>, bytes: number) => Promise<Contents>;

async function inFolder(folder: string, look: Look): Promise<Inspected> {
  const { Snapshot } = await import('../engine/lmdb/backup/snapshot.js');
  const snapshot = await inWords(() => Snapshot.open(folder));
  try {
    const { format, owner, file } = snapshot;
    const contents = await look(snapshot.entries(), file.usedBytes);
    const { fileBytes, usedBytes } = file;
    const facts = { dataFolder: folder, format, inUseBy: owner ?? null };
    return { ...facts, ...told(contents), file: { bytes: fileBytes, freeBytes: fileBytes - usedBytes } };
  } finally {
    await snapshot.close();
  }
}

async function inBackup(path: string, look: Look): Promise<Inspected> {
  const backup = await openBackup(path);
  try {
    const { format, version, takenAt } = backup.header;
    const contents = await look(backup.entries(), backup.bytes);
    const facts = { backup: backup.path, format, version, takenAt: new Date(takenAt).toISOString() };
    return { ...facts, ...told(contents), file: { bytes: backup.bytes } };
  } finally {
    backup.close();
  }
}

function told(contents: Contents) {
  const { channels, messages, bytes, records } = contents;
  return {
    channels,
    messages,
    messageBytes: bytes,
    records: Object.fromEntries(records),
    largestChannels: contents.largest(LARGEST),
  };
}

async function count(
  entries: Iterable<Entry>,
  { bytes, signal, terminal }: { bytes: number; signal: AbortSignal; terminal: Terminal },
): Promise<Contents> {
  const { Contents: Counted } = await import('../engine/lmdb/backup/contents.js');
  const { readThrough } = await import('../engine/lmdb/backup/restore.js');
  const contents = new Counted();
  const progress = new Progress(terminal, 'Counting', bytes);
  try {
    await inWords(() => readThrough(entries, { signal, onBytes: progress.add }, contents.take));
  } finally {
    progress.end();
  }
  return contents;
}
