/**
 * Refuses the common shapes of expressions with which a hostile path could hold up the hub. Judged by their looks, so
 * dear ones of other shapes pass; the bounded length of paths stands behind (MAX_EXPRESSION_PATH_LENGTH).
 * @throws RangeError with a sentence
 */
export function checkExpressionCost(source: string): void {
  if (REPEATED_REPETITION.test(source)) {
    throw new RangeError(
      'The regular expression repeats a repetition, which hostile paths can make endless; write one.',
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

/**
 * `([a-z]+)*` and its like: a repetition of nothing but a repetition. A path can make it try every way to cut itself in
 * pieces, which takes longer than anyone waits.
 */
const REPEATED_REPETITION =
  /\((?:\?:|\?<\w+>)?(?:\[(?:\\.|[^\]\\])*\]|\\.|[^\\()[\]])(?:[*+]|\{\d+,\})\??\)(?:[*+]|\{\d+,\})/u;

/** Repetitions of any character in one expression: each multiplies the time of a failed match by the path's length. */
const MAX_REPEATED_DOTS = 2;
