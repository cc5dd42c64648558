import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compileLocations, MAX_EXPRESSION_PATH_LENGTH } from '../../src/locations/location-table.js';
import { plan, request } from './location-plans.js';

function tableOf(...paths: string[]) {
  const table = compileLocations(paths.map((path) => plan(path)));
  return (path: string) => table.match(path)?.location.title;
}

describe('The table of locations', () => {
  it('serves a prefix and everything below and beside it', () => {
    const titleAt = tableOf('/pub');
    expect(['/pub', '/pub/', '/pub/more', '/publish'].map(titleAt)).toEqual(['/pub', '/pub', '/pub', '/pub']);
    expect(['/', '/pu', '/Pub', '/x/pub', '*', ''].map(titleAt)).toEqual(Array(6).fill(undefined));
  });

  it('takes the longest prefix, wherever it stands', () => {
    const titleAt = tableOf('/a', '/a/b/c', '/', '/a/b');
    expect(['/a/b/c/d', '/a/b/x', '/a/x', '/x'].map(titleAt)).toEqual(['/a/b/c', '/a/b', '/a', '/']);
  });

  it('takes an exact path before all else, and for nothing else', () => {
    const titleAt = tableOf('/a', '~ ^/a', '= /a', '^~ /a/b');
    expect(titleAt('/a')).toBe('= /a');
    expect(titleAt('/a/')).toBe('~ ^/a');
  });

  it('takes the first expression that matches before a longer prefix', () => {
    const titleAt = tableOf('/a/b/c', '~ \\.png$', '~ ^/a');
    expect(titleAt('/a/b/c')).toBe('~ ^/a');
    expect(titleAt('/a/b/c.png')).toBe('~ \\.png$');
    expect(titleAt('/b')).toBeUndefined();
  });

  it('tries no expression behind a longest prefix with ^~', () => {
    const titleAt = tableOf('^~ /a', '~ x', '/a/b');
    expect(titleAt('/a/x')).toBe('^~ /a');
    expect(titleAt('/a/b/x')).toBe('~ x');
  });

  it('falls back to the longest prefix when no expression matches', () => {
    expect(tableOf('/a', '~ ^/b')('/a/c')).toBe('/a');
  });

  it('matches the decoded and cleaned path', () => {
    const titleAt = tableOf('= /pub', '/küche');
    expect(['/p%75b', '//pub', '/x/../pub', '/./pub', '/pub#x'].map(titleAt)).toEqual(Array(5).fill('= /pub'));
    expect(['/k%C3%BCche', '/k\xc3\xbcche'].map(titleAt)).toEqual(['/küche', '/küche']);
    expect(['/pub%', '/..', '/%00'].map(titleAt)).toEqual([undefined, undefined, undefined]);
  });

  it('hands over the captures of an expression, decoded, and none of other kinds', () => {
    const table = compileLocations([plan('~ ^/(\\w+)(-x)?/(.*)$'), plan('/')]);
    expect(table.match('/dev/a%20b/c')?.captures).toEqual(['dev', '', 'a b/c']);
    expect(table.match('/')?.captures).toEqual([]);
  });

  it('tries expressions on paths of a bounded length only', () => {
    const titleAt = tableOf('/', '~ ^/x', '^~ /y', '= /z');
    const tail = (length: number) => 'x'.repeat(length - 1);
    expect(titleAt(`/${tail(MAX_EXPRESSION_PATH_LENGTH)}`)).toBe('~ ^/x');
    expect(titleAt(`/${tail(MAX_EXPRESSION_PATH_LENGTH + 1)}`)).toBeUndefined();
    expect(titleAt(`/y${tail(MAX_EXPRESSION_PATH_LENGTH)}`)).toBe('^~ /y');
    expect(tableOf('/')(`/${tail(5000)}`)).toBe('/');
  });

  it('lists its locations in the order of the configuration', () => {
    const { all } = compileLocations([plan('/a'), plan('~ b'), plan('/abc')]);
    expect(all.map(({ title }) => title)).toEqual(['/a', '~ b', '/abc']);
  });

  it('refuses what the check refuses, with the place and the value', () => {
    expect(() => compileLocations([plan('/a'), plan('b')])).toThrow(RangeError);
    expect(() => compileLocations([plan('/a'), plan('b')])).toThrow('locations[1].path is "b". A path begins with');
    expect(() => compileLocations([plan('/a', '$1')])).toThrow('locations[0].channel is "$1". "$1" is group 1');
  });

  it('chooses as going through all of them does', () => {
    const word = fc.constantFrom('/a', '/b', '/ab', '/a/b', '/');
    const path = fc.oneof(
      word,
      word.map((w) => `= ${w}`),
      word.map((w) => `^~ ${w}`),
      word.map((w) => `~ ${w}$`),
      word.map((w) => `~ ^${w}`),
    );
    const paths = fc.uniqueArray(path, { maxLength: 8, selector: (text) => text.replace('^~ ', '') });
    const asked = fc.array(fc.constantFrom('/', 'a', 'b', '.', '..'), { maxLength: 6 });
    fc.assert(
      fc.property(paths, asked, (configured, pieces) => {
        const url = new URL(`http://host/${pieces.join('').replace(/\/{2,}|^\//g, '/')}`);
        const cleaned = url.pathname.replace(/\/{2,}/g, '/');
        expect(tableOf(...configured)(cleaned)).toBe(byGoingThrough(configured, cleaned));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('A compiled location', () => {
  it('cuts a channel id to its limit', () => {
    const [location] = compileLocations([plan('/sub', '$arg_id', { maxChannelIdLength: 10 })]).all;
    expect(location?.channelIdOf(request({ query: 'id=0123456789abc' }), [])).toBe('0123456789');
    expect(location?.channelIdOf(request({ query: 'id=0123456789' }), [])).toBe('0123456789');
    expect(location?.channelIdOf(request({ query: 'x=0123456789' }), [])).toBe('');
  });

  it('names the channel from the captures of its own match', () => {
    const table = compileLocations([plan('~ ^/v1/(\\w+)/(\\w+)$', '$2-of-$1')]);
    const match = table.match('/v1/house/door');
    expect(match?.location.channelIdOf(request({}), match.captures)).toBe('door-of-house');
  });

  it('hands channels the settings that they keep', () => {
    const [location] = compileLocations([plan('=/sub', 'x', { maxMessageBufferLength: 20 })]).all;
    expect(location?.policy).toEqual({
      location: '= /sub',
      minMessageBufferLength: 1,
      maxMessageBufferLength: 20,
      durability: 'disk',
      messageTimeoutMs: 3_600_000,
      channelTimeoutMs: 5_000,
    });
  });

  it('tells whether the URL alone names its channels', () => {
    const { all } = compileLocations([plan('/a', '$arg_id'), plan('/b', '$http_x')]);
    expect(all.map(({ channelFollowsUrl }) => channelFollowsUrl)).toEqual([true, false]);
  });
});

/** The naive model: nginx's rules one after another, without any table. */
function byGoingThrough(configured: readonly string[], path: string): string | undefined {
  if (configured.includes(`= ${path}`)) return `= ${path}`;
  const prefixes = configured
    .map((title) => ({ title, prefix: title.replace('^~ ', '') }))
    .filter(({ prefix }) => prefix.startsWith('/') && path.startsWith(prefix))
    .sort((a, b) => a.prefix.length - b.prefix.length);
  const longest = prefixes.at(-1)?.title;
  if (longest?.startsWith('^~')) return longest;
  const expression = configured.find((title) => title.startsWith('~') && new RegExp(title.slice(2)).test(path));
  return expression ?? longest;
}
