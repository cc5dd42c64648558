import { EngineError } from '../message-log.js';
import { DataFile } from './data-file.js';
import { Environment } from './environment.js';
import { formatOf, upgrade } from './format.js';
import { LmdbEngine, type LmdbOptions } from './lmdb-engine.js';
import { becomeOwner, claimFolder } from './ownership.js';
import { unusableByDamage } from './unusable.js';

/**
 * Opens the engine over a folder, empty or left by an earlier run.
 * @param tablesOf for tests, which need disks that fail
 * @throws EngineError `engine_unavailable` when it is in use, cannot be written to, or holds something else
 */
export async function openLmdbEngine(
  options: LmdbOptions,
  tablesOf = (file: DataFile) => new Environment(file),
): Promise<LmdbEngine> {
  const { folder } = options;
  const release = claimFolder(folder);
  let file: DataFile | undefined;
  try {
    file = new DataFile(folder);
    const found = formatOf(file);
    becomeOwner(file);
    const env = tablesOf(file);
    upgrade(file, env, found);
    return new LmdbEngine(env, options, release);
  } catch (error) {
    await file?.close();
    release();
    if (error instanceof EngineError) throw error;
    throw unusableByDamage(folder, error);
  }
}
