import { setTimeout as wait } from 'node:timers/promises';
import { isNativeError } from 'node:util/types';

export interface RepeatOptions {
  readonly signal: AbortSignal;
  /** asked before each turn; true ends it */
  readonly isDone: () => boolean;
  /** ms until the next turn after an error, @param failures in a row, from 1 */
  readonly waitMs: (error: Error, failures: number) => number;
  readonly onTrouble: (error: Error) => void;
}

/** Does `turn` again and again until it is done or the signal says so; after an error it waits. Never rejects. */
export async function repeatedly(turn: () => Promise<void>, options: RepeatOptions): Promise<void> {
  const { signal, isDone, waitMs, onTrouble } = options;
  let failures = 0;
  while (!signal.aborted && !isDone()) {
    try {
      await turn();
      failures = 0;
    } catch (thrown) {
      if (signal.aborted) return;
      const error = isNativeError(thrown) ? thrown : new Error(String(thrown));
      failures++;
      onTrouble(error);
      // The signal ends the wait, which rejects then.
      await wait(waitMs(error, failures), undefined, { signal }).catch(() => {});
    }
  }
}
