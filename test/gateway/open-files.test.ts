import { describe, expect, it } from '@jest/globals';
import { connectionBound, maxOpenFiles } from '../../src/gateway/open-files.js';

describe('The bound of connections', () => {
  it.each([
    ['when the system has files for all', 1_048_576],
    ['when the system has just as many files as are needed', 200_384],
    ['when the system does not tell', undefined],
  ])('is what the configuration says %s', (_when, files) => {
    expect(connectionBound(200_000, files)).toEqual({ max: 200_000, because: 'limits.max_connections allows' });
  });

  it.each([
    [4_096, 3_712],
    [1_024, 640],
    [512, 128],
    [256, 64],
  ])('leaves the hub files to work with where %d may be open', (files, max) => {
    const bound = connectionBound(200_000, files);
    expect(bound.max).toBe(max);
    expect(bound.because).toContain(`the ${files} files`);
  });
});

it('reads how many files may be open from the system', () => {
  const files = maxOpenFiles();
  // No system without /proc says it.
  if (process.platform === 'linux') expect(files).toBeGreaterThan(100);
  else expect(files).toBeUndefined();
});
