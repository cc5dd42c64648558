import { EngineError } from '../../engine/message-log.js';

/** How often a change is decided anew because another one came first; more of them in a row are no accident. */
const MAX_ATTEMPTS = 5;

/** Calls `change`, which reads, decides and commits, until no other change came between. @throws what it throws */
export async function retryOnConflict<T>(change: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await change();
    } catch (error) {
      if (!isConflict(error) || attempt === MAX_ATTEMPTS) throw error;
    }
  }
}

export function isConflict(error: unknown): boolean {
  return error instanceof EngineError && error.code === 'revision_conflict';
}
