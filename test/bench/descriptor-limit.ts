import { readFileSync } from 'node:fs';
import { BenchFault } from './bench-fault.js';

/** What a process opens besides the connections that it was asked for: publishers, files, the runtime's own. */
const SPARE_DESCRIPTORS = 640;

/** How many subscribers one process may have open here. Node raises its soft limit to the hard one by itself. */
export function connectionsAllowed(limits = readFileSync('/proc/self/limits', 'latin1')): number {
  const hard = /^Max open files\s+\S+\s+(\d+|unlimited)/m.exec(limits)?.[1];
  if (hard === undefined) throw new BenchFault('/proc/self/limits does not say how many files may be open.');
  return hard === 'unlimited' ? Number.POSITIVE_INFINITY : Number(hard) - SPARE_DESCRIPTORS;
}

/** The sentence for a case that this machine's limit does not allow. */
export function limitSentence(connections: number, allowed: number): string {
  const needed = connections + SPARE_DESCRIPTORS;
  return (
    `${connections.toLocaleString('en')} connections need ${needed.toLocaleString('en')} open files in a process, and the ` +
    `hard limit here is ${(allowed + SPARE_DESCRIPTORS).toLocaleString('en')} (ulimit -Hn), enough for ` +
    `${Math.max(0, allowed).toLocaleString('en')}. Raise it as root with "ulimit -n ${needed}", or give fewer with --conns.`
  );
}
