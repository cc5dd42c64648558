import { setImmediate } from 'node:timers/promises';

/** When a test has waited this long for the other side of a socket, something is wrong. */
const PATIENCE_MS = 10_000;

/**
 * Waits until something that happens on the other side of a socket has happened. It looks again after each turn of the
 * event loop, so it takes no longer than the thing itself.
 * @param what for the error's sentence: "the poll is parked"
 */
export async function eventually(what: string, hasHappened: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  while (!(await hasHappened())) {
    if (performance.now() > giveUpAt) throw new Error(`Waited ${PATIENCE_MS} ms in vain: ${what}.`);
    await setImmediate();
  }
}
