import { describe, expect, it } from '@jest/globals';
import { packageVersion } from '../../src/telemetry/package-version.js';
import { processStats } from '../../src/telemetry/process-stats.js';
import { textOf } from '../docs/house-files.js';

describe('What is known of the process', () => {
  it('is its memory in bytes and its times, in whole units', () => {
    const stats = processStats();
    for (const value of Object.values(stats)) expect(Number.isInteger(value) && value >= 0).toBe(true);
    expect(stats.rssBytes).toBeGreaterThan(stats.heapUsedBytes / 2);
    expect(stats.heapTotalBytes).toBeGreaterThan(1_000_000);
    expect(stats.cpuUserMs).toBeGreaterThan(0);
  });

  it('is the version of the package', () => {
    expect(packageVersion()).toBe(JSON.parse(textOf('package.json')).version);
  });
});
