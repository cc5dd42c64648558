import { EXIT_BY_SIGNAL, type StopSignal } from './exit-code.js';
import { print, type Terminal } from './terminal.js';

/**
 * Does work that the first SIGINT or SIGTERM ends, and tells that it was ended.
 * @param left what is left of it, in a sentence
 * @returns the exit code of the work, or that of the signal
 */
export async function interruptible(
  terminal: Terminal,
  left: string,
  work: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const stopped = new AbortController();
  let by: StopSignal | undefined;
  const release = terminal.onSignal((signal) => {
    by ??= signal;
    stopped.abort();
  });
  try {
    return await work(stopped.signal);
  } catch (error) {
    if (by === undefined) throw error;
    await print(terminal.stderr, `signalbox: It was stopped by ${by}. ${left}\n`);
    return EXIT_BY_SIGNAL[by];
  } finally {
    release();
  }
}
