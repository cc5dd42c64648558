import { access, constants, mkdir } from 'node:fs/promises';
import { Failure } from './failure.js';
import { reasonOf } from './system-errors.js';

/**
 * Makes the folder for what engines keep, for its owner only, with the folders above it; one that is there stays as it is.
 * @throws Failure when it cannot be made, is no folder or cannot be written to
 */
export async function prepareDataFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Failure(
      `The data folder ${folder} cannot be used: ${reasonOf(error)}. Name one that this user may write to with --data.`,
    );
  }
}
