import { readdirSync, readFileSync } from 'node:fs';

/** One process's line of /proc/PID/stat, as far as it matters here. */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** clock ticks of user and system time, its own threads' and those of ended children that it has waited for */
  readonly ticks: number;
}

/**
 * Reads a line of /proc/PID/stat (proc_pid_stat(5)).
 * @throws RangeError when it is none
 */
export function parseStat(line: string): ProcessStat {
  // The command's name stands in parentheses and may hold spaces and parentheses itself.
  const behindName = line.slice(line.lastIndexOf(')') + 2).split(' ');
  const [parent, utime, stime, cutime, cstime] = [1, 11, 12, 13, 14].map((at) => Number(behindName[at]));
  const ticks = Number(utime) + Number(stime) + Number(cutime) + Number(cstime);
  const pid = Number.parseInt(line, 10);
  if (Number.isNaN(pid) || Number.isNaN(ticks)) throw new RangeError(`Not a line of /proc/PID/stat: "${line}".`);
  return { pid, parent: Number(parent), ticks };
}

/** The processes `roots` and all below them that are alive. */
export function processTree(roots: readonly number[]): ProcessStat[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap(statOf);
  const tree = all.filter(({ pid }) => roots.includes(pid));
  for (const member of tree)
    tree.push(...all.filter(({ parent, pid }) => parent === member.pid && !roots.includes(pid)));
  return tree;
}

function statOf(pid: string): ProcessStat[] {
  try {
    return [parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'))];
  } catch {
    // It ended between the listing and the look.
    return [];
  }
}
