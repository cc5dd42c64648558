import { setImmediate, setTimeout } from 'node:timers/promises';

/** When a test has waited this long for somebody else, something is wrong, also on a machine that has much else to do. */
const PATIENCE_MS = 30_000;
/** Most things have happened after a few turns of the event loop. */
const TURNS = 50;
/** Then it may be the work of a thread or a process that needs the processor more than we do. */
const PAUSE_MS = 2;

/**
 * Waits until something that happens elsewhere has happened: on the other side of a socket, in a thread, in a process.
 * @param what for the error's sentence: "the poll is parked"
 */
export async function eventually(what: string, hasHappened: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (let looks = 1; !(await hasHappened()); looks++) {
    if (performance.now() > giveUpAt) throw new Error(`Waited ${PATIENCE_MS} ms in vain: ${what}.`);
    await (looks < TURNS ? setImmediate() : setTimeout(PAUSE_MS));
  }
}
