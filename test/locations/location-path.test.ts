import { describe, expect, it } from '@jest/globals';
import { groupsOf, parseLocationPath, pathIdentity } from '../../src/locations/location-path.js';

describe('parseLocationPath', () => {
  it.each([
    ['/pub', { title: '/pub', kind: 'prefix', path: '/pub', endsSearch: false }],
    ['  /pub ', { title: '/pub', kind: 'prefix', path: '/pub', endsSearch: false }],
    ['^~ /pub', { title: '^~ /pub', kind: 'prefix', path: '/pub', endsSearch: true }],
    ['=/pub', { title: '= /pub', kind: 'exact', path: '/pub' }],
    ['/.', { title: '/.', kind: 'prefix', path: '/.', endsSearch: false }],
    ['/küche und bad', { title: '/küche und bad', kind: 'prefix', path: '/küche und bad', endsSearch: false }],
    ['~ ^/x/(.*)/(?:a)(b)?$', { title: '~ ^/x/(.*)/(?:a)(b)?$', kind: 'expression', groups: 2 }],
    ['~*\\.(JPG|png)$', { title: '~* \\.(JPG|png)$', kind: 'expression', groups: 1 }],
  ])('reads %j', (text, path) => {
    expect(parseLocationPath(text)).toMatchObject(path);
  });

  it('heeds the case with ~ and not with ~*', () => {
    const matches = (text: string, path: string) => {
      const parsed = parseLocationPath(text);
      return parsed.kind === 'expression' && parsed.expression.test(path);
    };
    expect(matches('~ ^/PUB', '/pub')).toBe(false);
    expect(matches('~* ^/PUB', '/pub')).toBe(true);
  });

  it.each([
    ['', 'begins with "/"'],
    ['pub', 'begins with "/"'],
    ['= pub', 'begins with "/"'],
    ['@named', 'begins with "/"'],
    ['/sub?id=', 'has no query'],
    ['/a//b', 'No request matches'],
    ['/a/../b', 'No request matches'],
    ['= /a/.', 'No request matches'],
    ['/a%20b', 'No request matches'],
    ['~', 'must follow'],
    ['~* ', 'must follow'],
    ['~ ^/x/(.*$', 'Not a regular expression'],
    ['~ ^/x/[z-a]', 'Not a regular expression'],
    ['~ \\A/x', 'Not a regular expression'],
    ['~ (?i)/x', 'Not a regular expression'],
    ['~ ^/(a+)+$', 'repeats a group that one path can match in many ways'],
    ['~ ^/([a-z\\]]*)*$', 'repeats a group that one path can match in many ways'],
    ['~ ^/(?:.*?){2,}x', 'repeats a group that one path can match in many ways'],
    ['~ ^/(?<id>\\w+)*', 'repeats a group that one path can match in many ways'],
    ['~ (.*)x(.+)y.{2,}', 'has 3 of ".*" or its like, and 2 are allowed'],
  ])('refuses %j: %s', (text, sentence) => {
    expect(() => parseLocationPath(text)).toThrow(RangeError);
    expect(() => parseLocationPath(text)).toThrow(sentence);
  });

  it.each([
    '~ ^/(.*)/(.*)/\\.*[.]*([^/.]*)$',
    '~ ^/((?:/[a-z]+)+)$',
    '~ ^/(\\w+)/(\\w+)$',
    '~ ^/(a{2})+$',
    '~ ^/(\\++x)*$',
  ])('accepts %s', (text) => {
    expect(() => parseLocationPath(text)).not.toThrow();
  });

  it('counts groups of expressions alone', () => {
    expect(groupsOf(parseLocationPath('~ (a)(b)|(c)'))).toBe(3);
    expect(groupsOf(parseLocationPath('/(a)'))).toBe(0);
  });

  it('tells paths that shadow each other from those that do not', () => {
    const identity = (text: string) => pathIdentity(parseLocationPath(text));
    expect(identity('= /a')).toBe(identity('=/a'));
    expect(identity('/a')).toBe(identity('^~ /a'));
    expect(new Set(['/a', '= /a', '~ /a', '~* /a', '/A'].map(identity)).size).toBe(5);
  });
});
