import { describe, expect, it } from '@jest/globals';
import { findRoute } from '../../src/gateway/route.js';
import { checkLocations } from '../../src/locations/check-locations.js';
import { compileLocations } from '../../src/locations/location-table.js';
import { plan, request } from './location-plans.js';

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

  it.each(['/v1/devices/', '= /v1/devices/fan/commands', '^~ /v1/devices/x', '= /v1/commands', '/v1/commands/jobs'])(
    'tells that no request comes to %s, for the device API has it',
    (path) => {
      expect(checkLocations([{ path, channel: 'x' }])).toMatchObject([
        { index: 0, key: 'path', sentence: expect.stringContaining("are the device API's; choose another.") },
      ]);
      // What the sentence says is so: a location that takes every path is not asked.
      const url = path.replace(/^\S+ /, '');
      expect(findRoute(compileLocations([plan('/', 'x')]), url, request({}))?.kind).not.toBe('location');
    },
  );

  it.each(['/v1', '/v1/devices', '= /v1/devices', '/v1/commands', '= /v1/commands-of', '~ ^/v1/devices/'])(
    'takes %s, to which some request comes',
    (path) => {
      expect(checkLocations([{ path, channel: 'x' }])).toEqual([]);
    },
  );
});
