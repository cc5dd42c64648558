import { statfs } from 'node:fs/promises';
import type { BackupFile } from '../engine/lmdb/backup/backup-file.js';
import { amountOf } from './amounts.js';
import { type DataOptions, dataFolder, inWords, prepareDataFolder } from './data-folder.js';
import { EXIT } from './exit-code.js';
import { Failure } from './failure.js';
import { interruptible } from './interruptible.js';
import { openBackup } from './open-backup.js';
import { Progress } from './progress.js';
import { print, type Terminal } from './terminal.js';

export interface RestoreCommandOptions extends DataOptions {
  readonly force?: boolean;
}

/** The data file against the backup, which has no pages: room for these. */
const GROWTH = 1.3;
const SPARE_BYTES = 8 * 1024 * 1024;

/**
 * `signalbox restore`: makes a data folder of a backup.
 * @returns the exit code
 * @throws Failure when the backup is not whole, or the folder is in use, not empty or too small
 */
export async function restore(path: string, options: RestoreCommandOptions, terminal: Terminal): Promise<number> {
  const folder = dataFolder(options, terminal);
  const force = options.force === true;
  return interruptible(terminal, 'Nothing was restored.', async (signal) => {
    const backup = await openBackup(path);
    try {
      return await fill(folder, backup, { terminal, signal, force });
    } finally {
      backup.close();
    }
  });
}

interface Around {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  readonly force: boolean;
}

async function fill(folder: string, backup: BackupFile, { terminal, signal, force }: Around): Promise<number> {
  const { readThrough, restore: restoreInto } = await import('../engine/lmdb/backup/restore.js');
  // Read once to be checked, and once more to be stored.
  const progress = new Progress(terminal, `Restoring ${backup.path}`, 2 * backup.bytes);
  try {
    await inWords(() => readThrough(backup.entries(), { signal, onBytes: progress.add }));
    await prepareDataFolder(folder);
    await checkSpace(folder, backup.bytes * GROWTH + SPARE_BYTES);
    await inWords(() => restoreInto(backup, { folder, force, signal, onBytes: progress.add }));
  } finally {
    progress.end();
  }
  const taken = new Date(backup.header.takenAt).toISOString();
  await print(terminal.stdout, `${folder} is as it was at ${taken}, from ${amountOf(backup.bytes)}.\n`);
  return EXIT.ok;
}

async function checkSpace(folder: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= needed) return;
  throw new Failure(
    `There is not enough room in ${folder}: it takes up to ${amountOf(needed)}, and ${amountOf(free)} are free there. ` +
      'Make room, or name a folder on another disk with --data.',
  );
}
