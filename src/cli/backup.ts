import { closeSync, existsSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { rename, rm, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { packageVersion } from '../telemetry/package-version.js';
import { amountOf, countOf } from './amounts.js';
import { type DataOptions, dataFolder, inWords } from './data-folder.js';
import { EXIT } from './exit-code.js';
import { Failure } from './failure.js';
import { interruptible } from './interruptible.js';
import { Progress } from './progress.js';
import { reasonOf } from './system-errors.js';

import { print, type Terminal } from './terminal.js';

export interface BackupOptions extends DataOptions {
  readonly force?: boolean;
}

/** What belongs to the hub is its own. */
const FILE_MODE = 0o600;

/**
 * `signalbox backup`: writes what a data folder holds at this moment to a file, while its hub goes on, or without one.
 * @returns the exit code
 * @throws Failure when the folder cannot be read or the file cannot be written; there is no file then
 */
export async function backup(path: string, options: BackupOptions, terminal: Terminal): Promise<number> {
  const target = resolve(path);
  if (existsSync(target) && !options.force) {
    throw new Failure(`${target} exists. Name another file, or let --force replace it.`);
  }
  const folder = dataFolder(options, terminal);
  return interruptible(terminal, 'No backup was made.', (signal) => write(folder, target, { terminal, signal }));
}

interface Around {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

async function write(folder: string, target: string, { terminal, signal }: Around): Promise<number> {
  const { backupBlocks } = await import('../engine/lmdb/backup/backup-format.js');
  const { Snapshot } = await import('../engine/lmdb/backup/snapshot.js');
  const snapshot = await inWords(() => Snapshot.open(folder));
  const { format, file, state } = snapshot;
  const part = `${target}.${process.pid}.part`;
  const progress = new Progress(terminal, `Writing ${target}`, file.usedBytes);
  try {
    await checkSpace(target, file.usedBytes);
    const header = { format, version: packageVersion(), takenAt: Date.now() };
    const bytes = await writeAll(part, backupBlocks(header, snapshot.entries()), { progress, signal });
    await rename(part, target);
    sync(dirname(target));
    progress.end();
    const held = `${countOf(state.messages)} messages in ${countOf(state.channels)} channels`;
    await print(terminal.stdout, `${target} holds ${held}, ${amountOf(bytes)}.\n`);
    return EXIT.ok;
  } catch (error) {
    progress.end();
    throw signal.aborted ? error : cannotWrite(target, error);
  } finally {
    await rm(part, { force: true });
    await snapshot.close();
  }
}

/** @returns how many bytes it wrote; they are on disk */
async function writeAll(
  path: string,
  blocks: Iterable<Buffer>,
  { progress, signal }: { progress: Progress; signal: AbortSignal },
): Promise<number> {
  const descriptor = openSync(path, 'wx', FILE_MODE);
  let bytes = 0;
  try {
    for (const block of blocks) {
      for (let at = 0; at < block.length; ) at += writeSync(descriptor, block, at);
      bytes += block.length;
      progress.add(block.length);
      await turn();
      signal.throwIfAborted();
    }
    fsyncSync(descriptor);
    return bytes;
  } finally {
    closeSync(descriptor);
  }
}

/** @param needed bytes at most */
async function checkSpace(target: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(dirname(target));
  const free = bavail * bsize;
  if (free >= needed) return;
  throw new Failure(
    `There is not enough room for ${target}: it takes up to ${amountOf(needed)}, and ${amountOf(free)} are free there. ` +
      'Make room, or name a file on another disk.',
  );
}

function cannotWrite(target: string, error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure(`${target} cannot be written: ${reasonOf(error)}. No backup was made.`, EXIT.failure, {
    cause: error,
  });
}

function sync(folder: string): void {
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
