import { describe, expect, it } from '@jest/globals';
import { parseStat, processTree } from './process-tree.js';
import { parsePss, usageOf } from './server-usage.js';
import { spread } from './spread.js';

describe('What /proc says of a process', () => {
  it('is read past a name with spaces and parentheses', () => {
    const line = '42 (a) b (c) S 7 42 42 0 -1 4194304 10 0 0 0 100 20 3 4 20 0 11 0 12345 0 0';
    expect(parseStat(line)).toEqual({ pid: 42, parent: 7, ticks: 127 });
  });

  it('is refused when it is something else', () => {
    expect(() => parseStat('nothing')).toThrow(RangeError);
    expect(() => parsePss('Rss: 10 kB')).toThrow(RangeError);
  });

  it('is in KiB for memory', () => {
    expect(parsePss('00400000-7ffc (rollup)\nRss:    900 kB\nPss:     12 kB\nPss_Anon: 3 kB\n')).toBe(12 * 1024);
  });

  it('includes the processes below', () => {
    expect(processTree([process.ppid]).map(({ pid }) => pid)).toEqual(
      expect.arrayContaining([process.ppid, process.pid]),
    );
  });

  it('ends the run when a server is gone', () => {
    expect(() => usageOf([2 ** 22 + 1])).toThrow('is gone');
  });

  it('counts CPU time that this process uses, and memory that it has', () => {
    const before = usageOf([process.pid]);
    expect(before.memoryBytes).toBeGreaterThan(1024 * 1024);
    const start = process.cpuUsage();
    let usedMicros = 0;
    while (usedMicros < 50_000) {
      const { user, system } = process.cpuUsage(start);
      usedMicros = user + system;
    }
    expect(usageOf([process.pid]).cpuMicros).toBeGreaterThan(before.cpuMicros);
  });
});

describe('A spread', () => {
  it('has the middle of an odd number of values, and between the middle two of an even one', () => {
    expect(spread([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 });
    expect(spread([4, 1, 2, 10])).toEqual({ median: 3, min: 1, max: 10 });
  });

  it('needs a value', () => {
    expect(() => spread([])).toThrow(RangeError);
  });
});
