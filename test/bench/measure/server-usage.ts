import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { BenchFault } from '../bench-fault.js';
import { processTree } from './process-tree.js';

/** What all processes of a server have used so far. */
export interface Usage {
  /** user and system time in µs, in steps of a clock tick */
  readonly cpuMicros: number;
  /** resident bytes; pages that several of its processes share count once */
  readonly memoryBytes: number;
}

/** µs of one clock tick: the finest step that /proc/PID/stat knows. */
export const TICK_MICROS = 1_000_000 / Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

/** @param roots process ids; their children count as well */
export function usageOf(roots: readonly number[]): Usage {
  const tree = processTree(roots);
  if (tree.length < roots.length) throw new BenchFault(`A server process (of ${roots.join(', ')}) is gone.`);
  return {
    cpuMicros: tree.reduce((sum, { ticks }) => sum + ticks, 0) * TICK_MICROS,
    memoryBytes: tree.reduce((sum, { pid }) => sum + proportionalBytes(pid), 0),
  };
}

/**
 * The Pss of a /proc/PID/smaps_rollup: resident pages, each divided by the number of processes that share it.
 * @throws RangeError when it is none
 */
export function parsePss(rollup: string): number {
  const kibibytes = /^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1];
  if (kibibytes === undefined) throw new RangeError('Not a /proc/PID/smaps_rollup: there is no line "Pss: ... kB".');
  return Number(kibibytes) * 1024;
}

const QUIET_MS = 200;
const QUIET_AT_LATEST_MS = 5_000;

/** Waits until the server has done what it was asked for: it uses no more than one clock tick in 200 ms; 5 s at most. */
export async function untilQuiet(roots: readonly number[]): Promise<void> {
  const deadline = performance.now() + QUIET_AT_LATEST_MS;
  let used = ticksOf(roots);
  for (;;) {
    await pause(QUIET_MS);
    const now = ticksOf(roots);
    if (now - used <= 1 || performance.now() > deadline) return;
    used = now;
  }
}

function ticksOf(roots: readonly number[]): number {
  return processTree(roots).reduce((sum, { ticks }) => sum + ticks, 0);
}

function proportionalBytes(pid: number): number {
  return parsePss(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'));
}
