import { resolve } from 'node:path';
import type { BackupFile } from '../engine/lmdb/backup/backup-file.js';
import { inWords } from './data-folder.js';
import { Failure } from './failure.js';
import { reasonOf, systemCodeOf } from './system-errors.js';

/** @throws Failure when it cannot be read, or is no backup that this version knows */
export async function openBackup(path: string): Promise<BackupFile> {
  const { BackupFile: Opened } = await import('../engine/lmdb/backup/backup-file.js');
  try {
    return await inWords(() => new Opened(resolve(path)));
  } catch (error) {
    if (systemCodeOf(error) === undefined) throw error;
    throw new Failure(`The file ${resolve(path)} cannot be read: ${reasonOf(error)}.`);
  }
}
