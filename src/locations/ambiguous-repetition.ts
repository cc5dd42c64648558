import { type Alternative, type Part, partsOf } from './expression-parts.js';

/**
 * Finds a repetition that can cut one text in more ways than one, as `([a-z]+-?)+` and `(a|[a-c])*` do. A hostile path makes
 * it try all of them: their number doubles with each character, which takes longer than anyone waits.
 * @returns true when there is one, or when it cannot be told that there is none
 */
export function hasAmbiguousRepetition(source: string): boolean {
  return isAmbiguousIn(partsOf(source));
}

function isAmbiguousIn(alternatives: readonly Alternative[]): boolean {
  return alternatives
    .flat()
    .some((part) => (part.isEndless && !isPlain(part.alternatives)) || isAmbiguousIn(part.alternatives));
}

/** What is repeated begins and ends at places that the text alone decides. */
function isPlain(alternatives: readonly Alternative[]): boolean {
  return areApart(alternatives) && alternatives.every((alternative) => isMarked(alternative, alternatives));
}

/** No text begins as two of them do. */
function areApart(alternatives: readonly Alternative[]): boolean {
  if (alternatives.length < 2) return true;
  const starts = alternatives.map((alternative) => firstAtoms(alternative).map(asExpression));
  return CHARACTERS.every((char) => starts.filter((atoms) => atoms.some((atom) => atom.test(char))).length < 2);
}

/** It has one length, or a character that nothing variable in the group matches: there it is cut, and nowhere else. */
function isMarked(alternative: Alternative, all: readonly Alternative[]): boolean {
  if (!alternative.some(varies)) return true;
  const variable = all
    .flat()
    .flatMap((part) => (varies(part) ? atomsOf(part) : []))
    .map(asExpression);
  return alternative.some((part) => {
    const mark = part.isVariable ? undefined : characterOf(part.atom);
    return mark !== undefined && !variable.some((atom) => atom.test(mark));
  });
}

function varies(part: Part): boolean {
  return part.isVariable || part.alternatives.length > 1 || part.alternatives.flat().some(varies);
}

function atomsOf({ atom, alternatives }: Part): string[] {
  return atom === undefined ? alternatives.flat().flatMap(atomsOf) : [atom];
}

/** The atoms that a text of this alternative may begin with. */
function firstAtoms(alternative: Alternative): string[] {
  const end = alternative.findIndex(({ atom, isVariable }) => !isVariable && !ASSERTION.test(atom ?? ''));
  const first = end < 0 ? alternative : alternative.slice(0, end + 1);
  return first.flatMap((part) => (part.atom === undefined ? part.alternatives.flatMap(firstAtoms) : [part.atom]));
}

/** The one character that an atom matches; undefined for a class, a dot, an assertion and the like. */
function characterOf(atom = ''): string | undefined {
  const [, inClass, escaped, plain] = /^(?:\[([^\\^])\]|\[?\\([^\dA-Za-z])\]?|([^\\.^$[]))$/su.exec(atom) ?? [];
  return inClass ?? escaped ?? plain;
}

/** Whatever an atom cannot be asked about, such as a reference to a group, may be any character. */
function asExpression(atom: string): RegExp {
  try {
    return new RegExp(`^(?:${atom})$`, 'iu');
  } catch {
    return ANYTHING;
  }
}

const ASSERTION = /^(?:[$^]|\\[bB])$/u;
const ANYTHING = /./su;

/** Paths are compared decoded, so any character may stand in them; what two classes share shows in these. */
const CHARACTERS = [...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)), 'é', 'я', '漢', '😀'];
