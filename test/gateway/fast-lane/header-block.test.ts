import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HeaderBlock } from '../../../src/gateway/fast-lane/header-block.js';

function block(...lines: readonly string[]): string {
  return `${lines.map((line) => `${line}\r\n`).join('')}\r\n`;
}

const names = ['Host', 'If-None-Match', 'if-none-match', 'Content-Length', 'Connection', 'Accept', 'X'];
const values = fc.constantFrom('', '5', '57', '7 ', 'a5');
const line = fc.tuple(fc.constantFrom(...names), fc.constantFrom(':', ': '), values).map((parts) => parts.join(''));

describe('HeaderBlock', () => {
  it('is read from the one before when only the tag in its last line differs', () => {
    const before = HeaderBlock.read(block('Host: h', 'If-None-Match: 5'));
    const text = block('Host: h', 'If-None-Match: 12');
    expect(before?.withOtherTag(`GET${text}behind`, 3)).toEqual(HeaderBlock.read(text));
  });

  it.each([
    ['the length of a body', ['If-None-Match: 5', 'Content-Length: 5'], ['If-None-Match: 5', 'Content-Length: 19']],
    ['a length behind an empty tag', ['If-None-Match:', 'Content-Length: 5'], ['If-None-Match:', 'Content-Length: 51']],
    ['a line without meaning', ['If-None-Match: 5', 'X: 5'], ['If-None-Match: 5', 'X: 6']],
  ])('does not take %s for the tag', (_what, before, lines) => {
    expect(HeaderBlock.read(block(...before))?.withOtherTag(block(...lines), 0)).toBeUndefined();
  });

  it('means the same however it was read, behind one that differs in its last value alone', () => {
    const lines = fc.array(line, { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(lines, values, values, (start, one, other) => {
        const [before, text] = [one, other].map((value) => block(`${start.join('\r\n')}${value}`)) as [string, string];
        const anew = HeaderBlock.read(text);
        expect(HeaderBlock.read(before)?.withOtherTag(text, 0) ?? anew).toEqual(anew);
      }),
      { numRuns: 2_000 },
    );
  });
});
