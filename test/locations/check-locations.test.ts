import { describe, expect, it } from '@jest/globals';
import { checkLocations } from '../../src/locations/check-locations.js';

describe('checkLocations', () => {
  it('finds nothing wrong with what compiles', () => {
    expect(
      checkLocations([
        { path: '/a', channel: '$arg_id' },
        { path: '= /a', channel: 'x' },
        { path: '~ ^/(\\w+)$', channel: '$1' },
      ]),
    ).toEqual([]);
  });

  it('tells all faults, each with its location and key', () => {
    const faults = checkLocations([
      { path: 'a', channel: '$9-$x' },
      { path: '/b', channel: '$1' },
      { path: '/c', channel: '$arg_id' },
    ]);
    expect(faults.map(({ index, key }) => `${index} ${key}`)).toEqual(['0 path', '0 channel', '1 channel']);
  });

  it('does not hold a group against a path that could not be read', () => {
    expect(checkLocations([{ path: '~ (', channel: '$1' }]).map(({ key }) => key)).toEqual(['path']);
  });

  it('checks the rest of a location of which one value is not known', () => {
    const faults = checkLocations([
      { path: undefined, channel: '$1$' },
      { path: '(', channel: undefined },
      { path: undefined, channel: '$1' },
    ]);
    expect(faults.map(({ index, key }) => `${index} ${key}`)).toEqual(['0 channel', '1 path']);
  });

  it('tells two locations with the same path, naming the first', () => {
    const faults = checkLocations(
      ['/a', '/b', '^~ /a', '= /a', '=/a', '~ a', '~ a'].map((path) => ({ path, channel: 'x' })),
    );
    expect(faults).toMatchObject([
      { index: 2, key: 'path', sentence: expect.stringContaining('The location "/a" above') },
      { index: 4, sentence: expect.stringContaining('"= /a"') },
      { index: 6, sentence: expect.stringContaining('"~ a"') },
    ]);
  });
});
