import { hasAmbiguousRepetition } from './ambiguous-repetition.js';

/**
 * Refuses the common shapes of expressions with which a hostile path could hold up the hub. Judged by their looks, so
 * dear ones of other shapes pass; the bounded length of paths stands behind (MAX_EXPRESSION_PATH_LENGTH).
 * @throws RangeError with a sentence
 */
export function checkExpressionCost(source: string): void {
  if (hasAmbiguousRepetition(source)) {
    throw new RangeError(
      'The regular expression repeats a group that one path can match in many ways, which a hostile path makes endless. Let ' +
        'each turn have a character that the rest of the group does not match, as in "(?:/[^/]+)*".',
    );
  }
  const withoutClasses = source.replace(/\\.|\[(?:\\.|[^\]\\])*\]/gu, '');
  const repeatedDots = withoutClasses.match(/\.(?:[*+]|\{\d+,\})/gu)?.length ?? 0;
  if (repeatedDots > MAX_REPEATED_DOTS) {
    throw new RangeError(
      `The regular expression has ${repeatedDots} of ".*" or its like, and ${MAX_REPEATED_DOTS} are allowed: hostile paths ` +
        'make each one dear. Write "[^/]*" for all but a slash.',
    );
  }
}

/** Repetitions of any character in one expression: each multiplies the time of a failed match by the path's length. */
const MAX_REPEATED_DOTS = 2;
