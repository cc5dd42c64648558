import { expect, it } from '@jest/globals';
import { type Alternative, partsOf } from '../../src/locations/expression-parts.js';

/** `~` behind what varies, `∞` behind what is endless. */
function shown(alternatives: readonly Alternative[]): string {
  return alternatives
    .map((parts) =>
      parts
        .map(({ atom, alternatives: inner, isVariable, isEndless }) => {
          const text = atom ?? `<${shown(inner)}>`;
          return `${text}${isVariable ? '~' : ''}${isEndless ? '∞' : ''}`;
        })
        .join(' '),
    )
    .join(' | ');
}

it.each([
  ['ab', 'a b'],
  ['a*b+?c?d', 'a~∞ b~∞ c~ d'],
  ['a{3}b{2,}c{1,4}d{1,40}e{12}', 'a b~∞ c~ d~∞ e∞'],
  ['a|b(c|d)*', 'a | b <c | d>~∞'],
  ['(?:a)(?<name>b)', '<a> <b>'],
  ['(?=a)(?!b)(?<=c)(?<!d)', '<a>~ <b>~ <c>~ <d>~'],
  ['\\(\\|[)(|]\\]', '\\( \\| [)(|] \\]'],
  ['[^\\]a-z]+[.]', '[^\\]a-z]~∞ [.]'],
  ['\\u{1f600}\\u0061\\x61\\p{L}+\\k<name>\\d', '\\u{1f600} \\u0061 \\x61 \\p{L}~∞ \\k<name> \\d'],
  ['😀+', '😀~∞'],
  ['^$', '^ $'],
  ['()', '<>'],
])('takes %s apart', (source, parts) => {
  expect(shown(partsOf(source))).toBe(parts);
});
