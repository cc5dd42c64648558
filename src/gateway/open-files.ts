import { readFileSync } from 'node:fs';
import type { ConnectionBound } from '../channels/refused-connections.js';

/** Files that the hub opens beside the connections of devices: those of the admin API, its data, plugins, threads. */
const SPARE_FILES = 384;

/**
 * How many files this process may open. Node raises its soft limit to the hard one by itself.
 * @returns undefined where the system does not tell in /proc
 */
export function maxOpenFiles(): number | undefined {
  try {
    const hard = /^Max open files\s+\S+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'latin1'))?.[1];
    return hard === undefined ? undefined : Number(hard);
  } catch {
    return undefined;
  }
}

/**
 * How many connections the devices' door takes: no more than leave the hub files to work with. Past the system's limit
 * connections are closed by the system, nobody is told, and neither a plugin nor the admin API opens anything.
 * @param asked `limits.max_connections`
 * @param files how many the process may open; undefined: nobody knows
 */
export function connectionBound(asked: number, files: number | undefined): ConnectionBound {
  const left = files === undefined ? asked : Math.max(files - SPARE_FILES, Math.floor(files / 4));
  if (left >= asked) return { max: asked, because: 'limits.max_connections allows' };
  const because = `leave the hub enough of the ${files} files that it may open (LimitNOFILE of systemd, ulimit -Hn)`;
  return { max: left, because };
}
