import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { normalizePath } from '../../src/locations/normalize-path.js';

describe('normalizePath', () => {
  it.each([
    ['/', '/'],
    ['/pub', '/pub'],
    ['/a/b.c/.d/..e', '/a/b.c/.d/..e'],
    ['/p%75b', '/pub'],
    ['/a%2Fb', '/a/b'],
    ['//pub///x//', '/pub/x/'],
    ['/a/./b/.', '/a/b/'],
    ['/a/../b/c/..', '/b/'],
    ['/a/b/%2e%2E/c', '/a/c'],
    ['/a//../b', '/b'],
    ['/a/..', '/'],
    ['/...', '/...'],
    ['/pub#part', '/pub'],
    ['/pub%23part%3Fid', '/pub#part?id'],
    ['/100%25', '/100%'],
    ['/k%C3%BCche', '/küche'],
    ['/k\xc3\xbcche', '/küche'],
    ['/%E2%82%AC', '/€'],
    ['/a%20b+c', '/a b+c'],
  ])('makes %s to %s', (path, normal) => {
    expect(normalizePath(path)).toBe(normal);
  });

  it.each([
    '',
    '*',
    'pub',
    'http://host/pub',
    '/%',
    '/%2',
    '/%zz',
    '/%0',
    '/%00',
    '/\0',
    '/%C3',
    '/\xc3',
    '/%FF',
    '/%C0%AF',
    '/%ED%A0%80',
    '/..',
    '/../a',
    '/a/../../b',
    '/%2e%2e/a',
    '/\u20ac%',
  ])('has no normal form for %j', (path) => {
    expect(normalizePath(path)).toBeUndefined();
  });

  it('resolves as rewriting step by step does, and is stable', () => {
    const piece = fc.constantFrom('/', '/', '.', '..', 'a', 'b.', '.c', '%2e', '%2F', '%41', '%C3%A4', '\xc3\xa4');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const path = `/${pieces.join('')}`;
        expect(normalizePath(path)).toBe(rewriteUntilStable(path));
      }),
      { numRuns: 2000 },
    );
  });

  it('answers every text with undefined or an absolute path', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(normalizePath(`/${text}`) ?? '/').toMatch(/^\//);
      }),
    );
  });
});

/** The naive model: decode byte by byte, then rewrite one thing at a time. */
function rewriteUntilStable(path: string): string | undefined {
  const bytes = path.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  let text = Buffer.from(bytes, 'latin1').toString('utf8');
  for (;;) {
    const rewritten = text.includes('//')
      ? text.replace('//', '/')
      : text.replace(/\/\.(?=\/|$)/, (_, at: number) => (at + 2 === text.length ? '/' : ''));
    if (rewritten === text) break;
    text = rewritten;
  }
  for (;;) {
    if (/^\/\.\.(\/|$)/.test(text)) return undefined;
    const rewritten = text.replace(/\/[^/]+\/\.\.(\/|$)/, '/');
    if (rewritten === text) return text;
    text = rewritten;
  }
}
