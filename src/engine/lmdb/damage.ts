import { EngineError } from '../message-log.js';

/**
 * What reading a damaged page is told as. lmdb meets it as a page of the wrong kind or none, this engine as an entry that
 * is too short; a page that is whole but for some bytes of a message is not noticed.
 * @param cause what was thrown
 */
export function damaged(folder: string, cause: unknown): EngineError {
  if (cause instanceof EngineError) return cause;
  return new EngineError(
    'engine_unavailable',
    `What is stored here cannot be read: the data file in ${folder} is damaged (${(cause as Error).message}). What lies ` +
      'elsewhere in it can still be read. Look at the disk, stop the hub and restore the last backup.',
  );
}

/** What `read` gives, or `instead` where the file is damaged: for work that nobody waits for, which has to go on. */
export function whereReadable<T>(read: () => T, instead: T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof EngineError) return instead;
    throw error;
  }
}
