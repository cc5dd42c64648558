import { BenchFault } from '../bench-fault.js';

const STANDSTILL_MS = 10_000;

/**
 * Ends the run when nothing arrives any more: that is how a lost message shows.
 * @param arrivals how many arrived so far
 * @param missing what is still outstanding, as the end of a sentence
 * @throws BenchFault after 10 s without an arrival
 */
export function watched<T>(work: Promise<T>, arrivals: () => number, missing: () => string): Promise<T> {
  return new Promise((resolve, reject) => {
    let seen = arrivals();
    const timer = setInterval(() => {
      const isStill = arrivals() === seen;
      seen = arrivals();
      if (!isStill) return;
      clearInterval(timer);
      reject(new BenchFault(`Nothing came for ${STANDSTILL_MS / 1000} s, though ${missing()}.`));
    }, STANDSTILL_MS);
    work.finally(() => clearInterval(timer)).then(resolve, reject);
  });
}
