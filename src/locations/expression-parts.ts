/** What may stand at one place of a regular expression, and how often. */
export interface Part {
  /** a character, a class or an escape, as written; undefined for a group */
  readonly atom: string | undefined;
  /** of a group; none for an atom */
  readonly alternatives: readonly Alternative[];
  /** it may be left out, or stand in more than one number; a look-around too, which takes nothing of the text */
  readonly isVariable: boolean;
  /** it may stand as often as the text is long */
  readonly isEndless: boolean;
}

export type Alternative = readonly Part[];

/** `(` with what makes it other than a plain group, look-arounds and names too. */
const OPENING = /\((?:\?(?:<[^=!][^>]*>|<?[=!]|:))?/uy;
const ATOM = /\\(?:[uxpPkc](?:\{[^}]*\}|<[^>]*>|[\dA-Za-z]*)|.)|\[(?:\\.|[^\]\\])*\]|[^|()]/suy;
const QUANTIFIER = /(?:[*+?]|\{\d+,?\d*\})\??/uy;

/** A number of repetitions that is written down, and as good as endless for the time that a match takes. */
const MANY = 10;

/**
 * Takes an expression apart as far as its cost is concerned.
 * @param source of an expression that JavaScript takes with the flag `u`; of any other the parts mean nothing
 */
export function partsOf(source: string): readonly Alternative[] {
  const whole: OpenGroup = { alternatives: [[]], looksAround: false };
  const groups = [whole];
  for (let at = 0; at < source.length; ) {
    const group = groups.at(-1) ?? whole;
    const token = textAt(OPENING, source, at) || textAt(ATOM, source, at) || (source[at] as string);
    at += token.length;
    if (token === '|') group.alternatives.push([]);
    else if (/^\((?!\\)/u.test(token)) groups.push({ alternatives: [[]], looksAround: /[=!]$/u.test(token) });
    else {
      const quantifier = textAt(QUANTIFIER, source, at);
      at += quantifier.length;
      const ended = token === ')' ? groups.pop() : undefined;
      const times = timesOf(quantifier, ended?.looksAround ?? false);
      (groups.at(-1) ?? whole).alternatives.at(-1)?.push({
        atom: ended ? undefined : token,
        alternatives: ended?.alternatives ?? [],
        ...times,
      });
    }
  }
  return whole.alternatives;
}

interface OpenGroup {
  readonly alternatives: Part[][];
  /** it takes nothing of the text */
  readonly looksAround: boolean;
}

function timesOf(quantifier: string, isNothing: boolean): Pick<Part, 'isVariable' | 'isEndless'> {
  const [, least, comma, most = ''] = /^\{(\d+)(,?)(\d*)/u.exec(quantifier) ?? [];
  if (least === undefined) return { isVariable: isNothing || quantifier !== '', isEndless: /^[*+]/u.test(quantifier) };
  const isOpen = comma !== '' && (most === '' || Number(most) >= MANY);
  return { isVariable: isNothing || (comma !== '' && least !== most), isEndless: isOpen || Number(least) >= MANY };
}

/** What a sticky expression matches at a place; '' when it does not. */
function textAt(sticky: RegExp, text: string, at: number): string {
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0] ?? '';
}
