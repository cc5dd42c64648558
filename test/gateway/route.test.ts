import { describe, expect, it } from '@jest/globals';
import { findRoute, isControllerPath, queryOf } from '../../src/gateway/route.js';
import { compileLocations } from '../../src/locations/location-table.js';
import { plan, request } from '../locations/location-plans.js';

const locations = compileLocations([
  plan('/sub'),
  plan('/grouped', '$arg_id', { channelGroup: 'g' }),
  plan('/v1', '$arg_id'),
  plan('/own', '$http_x_id'),
]);

function route(target: string) {
  return findRoute(locations, target, request({ query: queryOf(target), headers: { 'x-id': 'from-header' } }));
}

describe('findRoute', () => {
  it.each(['/sub?id=a', '/sub/more?id=a', '/s%75b?id=a', 'http://hub/sub?id=a', 'HTTPS://hub:80/sub?id=a'])(
    'leads %s to its location and channel',
    (target) => {
      expect(route(target)).toMatchObject({ kind: 'location', channelId: 'a', location: { title: '/sub' } });
    },
  );

  it('tells whether the channel follows from the URL alone', () => {
    expect(route('/sub?id=a')).toMatchObject({ followsUrl: true });
    expect(route('/own')).toMatchObject({ channelId: 'from-header', followsUrl: false });
  });

  it('knows the device whose commands are on a channel, unless the channel is in a group', () => {
    expect(route('/sub?id=devices/fan/commands')).toMatchObject({ device: 'fan' });
    expect(route('/sub?id=fan')).toMatchObject({ device: undefined });
    expect(route('/grouped?id=devices/fan/commands')).toMatchObject({ device: undefined });
  });

  it('leads paths of the device API there, before any location', () => {
    expect(route('/v1/devices/fan/events/temperature?x=1')).toEqual({
      kind: 'event',
      device: 'fan',
      type: 'temperature',
    });
    expect(route('/v1/devices/fan/commands')).toEqual({ kind: 'commands', device: 'fan' });
    expect(route('/v1/other?id=a')).toMatchObject({ kind: 'location' });
  });

  it.each([
    ['/v1/devices/fan', 'itself'],
    ['/v1/devices/fan/events', 'events'],
    ['/v1/devices/fan/desired?after=1', 'desired'],
    ['/v1/devices/fan/desired/reported', 'reported'],
  ])('leads %s to the device: %s', (target, part) => {
    expect(route(target)).toEqual({ kind: 'device', device: 'fan', part });
  });

  it.each(['/v1/devices/fan/', '/v1/devices/fan/else', '/v1/devices/fan/commands/1/2', '/v1/devices/a/b/commands'])(
    'leads %s nowhere',
    (target) => {
      expect(route(target)).toBeUndefined();
    },
  );

  it.each(['/', '/nowhere', '/sub/../..', '/%zz', '*', 'http://hub', 'ftp://hub/sub?id=a'])(
    'leads %s nowhere',
    (target) => {
      expect(route(target)).toBeUndefined();
    },
  );
});

describe('queryOf', () => {
  it.each([
    ['/sub', ''],
    ['/sub?', ''],
    ['/sub?id=a', 'id=a'],
    ['/sub?a?b', 'a?b'],
    ['http://hub/sub?id=a', 'id=a'],
  ])('of %s is "%s"', (target, query) => {
    expect(queryOf(target)).toBe(query);
  });
});

describe('isControllerPath', () => {
  it('is true for the example pages alone', () => {
    expect(['/examples/form', '/examples/', '/examples', '/sub?x=/examples/'].map(isControllerPath)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
