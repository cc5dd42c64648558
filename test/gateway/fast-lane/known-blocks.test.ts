import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HeaderBlock } from '../../../src/gateway/fast-lane/header-block.js';
import { KnownBlocks } from '../../../src/gateway/fast-lane/known-blocks.js';

function block(...lines: readonly string[]): string {
  return `${lines.map((line) => `${line}\r\n`).join('')}\r\n`;
}

function knowing(...texts: readonly string[]): KnownBlocks {
  const known = new KnownBlocks();
  for (const text of texts) known.add(HeaderBlock.read(text) as HeaderBlock);
  return known;
}

const DATE = 'If-Modified-Since: Thu, 15 Jan 2026 12:00:00 GMT';
const lines = fc.constantFrom(
  ['Host: h'],
  ['Host: h', DATE],
  ['Host: h', 'X: y'],
  ['A: b', 'If-None-Match: 3', 'Host: h'],
  ['Connection: close'],
);
const lastLine = fc.oneof(
  fc.integer({ min: 0, max: 120 }).map((tag) => `If-None-Match: ${tag}`),
  fc.constantFrom(
    'If-None-Match: 07',
    'If-None-Match: 007',
    'If-None-Match:7',
    'if-none-match: 7',
    'If-None-Match: "7"',
  ),
  fc.constantFrom('If-None-Match: 7 ', 'If-None-Match: 7a', 'If-None-Match:', 'X: 7', 'Content-Length: 7'),
);
const texts = fc.array(
  fc.tuple(lines, lastLine).map(([first, last]) => block(...first, last)),
  { minLength: 1, maxLength: 30 },
);

describe('KnownBlocks', () => {
  it('finds lines that came before, whatever stands around them', () => {
    const text = block('Host: h', 'A: b');
    const known = knowing(text);
    expect(known.find(`GET${text}behind`, 3)).toEqual(HeaderBlock.read(text));
    expect(known.find(text, 0)).toBe(known.find(`${text}${text}`, text.length));
  });

  it('gives the same block to all that come with one tag, and knows the tags of a family from one of them', () => {
    const known = knowing(block('Host: h', DATE, 'If-None-Match: 3'));
    for (const tag of [0, 1, 9, 10, 31]) {
      const text = block('Host: h', DATE, `If-None-Match: ${tag}`);
      const found = known.find(text, 0);
      expect(found).toEqual(HeaderBlock.read(text));
      expect(known.find(`${text}behind`, 0)).toBe(found);
    }
  });

  it('does not find lines that are cut, wherever that is', () => {
    const text = block('Host: h', DATE, 'If-None-Match: 12');
    const known = knowing(text);
    expect(known.find(text, 0)?.text).toBe(text);
    for (let cut = 0; cut < text.length; cut++)
      expect([cut, known.find(text.slice(0, cut), 0)]).toEqual([cut, undefined]);
  });

  it('remembers the lines of four programs, and lets go of those that came first', () => {
    const [first, ...others] = ['a', 'b', 'c', 'd', 'e'].map((name) => block('Host: h', `X: ${name}`));
    const known = knowing(first as string, ...others);
    expect(others.map((text) => known.find(text, 0)?.text)).toEqual(others);
    expect(known.find(first as string, 0)).toBeUndefined();
  });

  it('keeps those that are found before those that are not', () => {
    const [first, ...others] = ['a', 'b', 'c', 'd'].map((name) => block('Host: h', `X: ${name}`));
    const known = knowing(first as string, ...others);
    for (let i = 0; i < 4; i++) known.find(first as string, 0);
    known.add(HeaderBlock.read(block('Host: h', 'X: e')) as HeaderBlock);
    expect(known.find(first as string, 0)?.text).toBe(first);
  });

  it('means by what it finds what reading anew means, whatever came before', () => {
    fc.assert(
      fc.property(texts, (all) => {
        const known = new KnownBlocks();
        for (const text of all) {
          const anew = HeaderBlock.read(text);
          const found = known.find(`${text}behind`, 0);
          if (found) expect(found).toEqual(anew);
          else if (anew) known.add(anew);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
