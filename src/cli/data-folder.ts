import { access, constants, mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure } from './failure.js';
import { readConfig } from './read-config.js';
import { reasonOf } from './system-errors.js';
import type { Terminal } from './terminal.js';

/**
 * Makes the folder for what engines keep, for its owner only, with the folders above it; one that is there stays as it is.
 * @param folder absolute
 * @throws Failure when it cannot be made, is no folder or cannot be written to
 */
export async function prepareDataFolder(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
    if (!(await stat(folder)).isDirectory()) throw new Error('it is a file');
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Failure(
      `The data folder ${folder} cannot be used: ${reasonOf(error)}. Name one that this user may write to with --data.`,
    );
  }
}

/** Not mkdir's own `recursive`: in /proc, where nothing can be made, Node's tries for ever. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || dirname(folder) === folder) throw error;
    await makeFolder(dirname(folder));
    await mkdir(folder, { mode: 0o700 });
  }
}

export interface DataOptions {
  readonly config?: string;
  readonly data?: string;
}

/** The data folder of the hub that the options and the environment configure. @throws ConfigError with every fault */
export function dataFolder({ config, data }: DataOptions, terminal: Terminal): string {
  return readConfig(config, terminal, { data }).data;
}

/** Hands on what an engine says of a folder or a file that it cannot use as the sentence that it is. */
export async function inWords<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof Error && error.name === 'EngineError' ? new Failure(error.message) : error;
  }
}
