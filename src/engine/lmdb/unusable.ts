import { EngineError } from '../message-log.js';

/** Why a data folder cannot be used, in one sentence. @param remedy what would help, beside naming another folder */
export function unusable(folder: string, reason: string, remedy = 'Restore it from a backup'): EngineError {
  return new EngineError(
    'engine_unavailable',
    `The data folder ${folder} cannot be used: ${reason}. ${remedy}, or name another folder with --data.`,
  );
}

/** @param cause what was thrown where the file was read */
export function unusableByDamage(folder: string, cause: unknown): EngineError {
  return unusable(folder, `its data.mdb is damaged (${(cause as Error).message})`);
}
