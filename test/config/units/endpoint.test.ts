import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Endpoint } from '../../../src/config/hub-config.js';
import { collide, formatEndpoint, parseEndpoint } from '../../../src/config/units/endpoint.js';

describe('An address to listen on', () => {
  it.each([
    ['127.0.0.1:8080', '127.0.0.1', 8080],
    ['localhost:0', 'localhost', 0],
    ['hub-1.example.org:80', 'hub-1.example.org', 80],
    ['[::1]:8080', '::1', 8080],
    ['[2001:db8::7]:65535', '2001:db8::7', 65_535],
    [':8080', '0.0.0.0', 8080],
    ['*:8080', '0.0.0.0', 8080],
    ['8080', '127.0.0.1', 8080],
    [8080, '127.0.0.1', 8080],
    [0, '127.0.0.1', 0],
  ])('%j is %s and port %d', (written, host, port) => {
    expect(parseEndpoint(written)).toEqual({ host, port });
  });

  it.each([
    '',
    ':',
    'localhost',
    'localhost:',
    'localhost:http',
    '127.0.0.1:65536',
    '127.0.0.1:-1',
    '300.1.1.1:80',
    '1.2.3:80',
    '::1:8080',
    '[::1]',
    '[127.0.0.1]:80',
    '[]:80',
    'a b:80',
    '-a:80',
    'a..b:80',
    'http://localhost:80',
    'localhost:80/',
    1.5,
    -1,
    65_536,
  ])('%j is none', (written) => {
    expect(parseEndpoint(written)).toBeUndefined();
  });

  it.each([true, null, undefined, ['::1'], {}])('%j is none', (written) => {
    expect(parseEndpoint(written)).toBeUndefined();
  });

  it('is read back as it is told', () => {
    const host = fc.oneof(fc.ipV4(), fc.ipV6(), fc.domain(), fc.constant('localhost'));
    fc.assert(
      fc.property(host, fc.nat(65_535), (name, port) => {
        expect(parseEndpoint(formatEndpoint({ host: name, port }))).toEqual({ host: name, port });
      }),
    );
  });

  it.each([
    ['127.0.0.1:80', '127.0.0.1:80', true],
    ['127.0.0.1:80', '127.0.0.1:81', false],
    ['127.0.0.1:0', '127.0.0.1:0', false],
    ['127.0.0.1:80', '192.0.2.1:80', false],
    ['127.0.0.1:80', ':80', true],
    ['[::]:80', '127.0.0.1:80', true],
    ['localhost:80', '127.0.0.1:80', true],
  ])('%s and %s collide: %j', (a, b, expected) => {
    const [first, second] = [parseEndpoint(a), parseEndpoint(b)] as [Endpoint, Endpoint];
    expect(collide(first, second)).toBe(expected);
    expect(collide(second, first)).toBe(expected);
  });
});
