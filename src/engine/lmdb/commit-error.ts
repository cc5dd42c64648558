import { statfs } from 'node:fs/promises';
import { EngineError } from '../message-log.js';

/** Less than this on the disk, and a commit that failed failed for it: lmdb tells a write that was cut short as EIO. */
const SPACE_OF_A_COMMIT = 8 * 1024 * 1024;
/** Linux's ENOSPC and EDQUOT, and lmdb's own "map full". */
const FULL_CODES: readonly unknown[] = [28, 122, -30792];

/** What those are told who waited for a commit that failed. @param cause what lmdb gave */
export async function commitError(cause: unknown, folder: string): Promise<EngineError> {
  const free = await freeBytes(folder);
  const { code, message } = cause as { code?: unknown; message?: string };
  if (FULL_CODES.includes(code) || (free !== undefined && free < SPACE_OF_A_COMMIT)) {
    return new EngineError(
      'log_full',
      `This could not be written, for the disk is full: ${free ?? 'an unknown number of'} bytes are free where ` +
        `${folder} lies. Make room there; writing goes on by itself.`,
    );
  }
  return new EngineError(
    'engine_unavailable',
    `This could not be written: writing to ${folder} failed (${message ?? String(cause)}). Look at the disk's health; ` +
      'writing goes on by itself when that is possible, and otherwise after a restart.',
  );
}

async function freeBytes(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
