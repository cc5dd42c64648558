/**
 * The candidate that someone most likely meant; undefined when none is near. Case, `-` for `_` and NHPM's prefix `push_`
 * do not count.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const meant = simplify(word);
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(meant, simplify(candidate));
    if (distance <= Math.max(1, meant.length / 4) && !(best && best.distance <= distance))
      best = { candidate, distance };
  }
  return best?.candidate;
}

/** Longer words are nobody's misspelling; the cut bounds what comparing costs. */
const MAX_WORD_LENGTH = 80;

function simplify(word: string): string {
  return word
    .slice(0, MAX_WORD_LENGTH)
    .toLowerCase()
    .replace(/^push_/, '')
    .replace(/[^a-z\d]/g, '');
}

/** Levenshtein's distance: letters put in, left out or exchanged. */
function editDistance(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const exchanged = at(above, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min(exchanged, at(above, j) + 1, at(row, j - 1) + 1));
    }
    above = row;
  }
  return at(above, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] as number;
}
