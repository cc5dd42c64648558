import { realpathSync } from 'node:fs';
import { EngineError } from '../message-log.js';
import type { DataFile } from './data-file.js';
import { unusable } from './unusable.js';

export const OWNER_KEY = Buffer.from('signalbox.owner');

/** Folders that engines of this process have open: lmdb would share one opening of the file between them. */
const ownFolders = new Set<string>();

/**
 * Notes that an engine of this process uses the folder.
 * @returns what ends that
 * @throws EngineError `engine_unavailable` when another one does
 */
export function claimFolder(folder: string): () => void {
  const path = pathOf(folder);
  if (ownFolders.has(path)) throw inUse(folder, process.pid);
  ownFolders.add(path);
  return () => ownFolders.delete(path);
}

/**
 * Makes this process the file's only writer. Who has the file open is known from lmdb's table of readers, in which each
 * process holds a lock of the system's that ends with the process, however it ends: a process id that was given anew is not
 * taken for the owner. It is read and written in one transaction, which no two processes are in at a time.
 * @throws EngineError `engine_unavailable` when another process is
 */
export function becomeOwner(file: DataFile): void {
  // A first read puts this process into the table.
  file.root.getBinary(OWNER_KEY);
  file.exclusively(() => {
    const owner = ownerOf(file);
    if (owner !== undefined && owner !== process.pid) throw inUse(file.folder, owner);
    file.root.put(OWNER_KEY, Buffer.from(String(process.pid)));
  });
}

/** The process whose engine has the file open; undefined: none has. */
export function ownerOf(file: DataFile): number | undefined {
  const owner = Number(file.root.getBinary(OWNER_KEY)?.toString() ?? 0);
  return file.users().includes(owner) ? owner : undefined;
}

/** Whether an engine of this kind ever had the file. */
export function hasOwner(file: DataFile): boolean {
  return file.root.getBinary(OWNER_KEY) !== undefined;
}

/** @throws EngineError `engine_unavailable` when it is not there */
function pathOf(folder: string): string {
  try {
    return realpathSync(folder);
  } catch (error) {
    throw unusable(folder, `it cannot be found (${(error as Error).message})`, 'Make it');
  }
}

function inUse(folder: string, owner: number): EngineError {
  return new EngineError(
    'engine_unavailable',
    `The data folder ${folder} is in use by process ${owner}. Stop that hub, or name another folder with --data.`,
  );
}
