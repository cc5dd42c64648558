/**
 * A pattern over channel ids, as in MQTT: segments split at `/`, `+` is one segment, `#` at the end is all that is left.
 */
export interface ChannelPattern {
  readonly text: string;
  matches(channelId: string): boolean;
}

/** @throws RangeError with a sentence when the pattern is empty, or `+` or `#` share a segment or `#` is not last */
export function channelPattern(text: string): ChannelPattern {
  const segments = text.split('/');
  if (text === '') throw new RangeError('A channel pattern must not be empty; "#" matches every channel.');
  segments.forEach((segment, i) => {
    const isWildcard = segment === '+' || segment === '#';
    if (!isWildcard && /[+#]/.test(segment)) {
      throw new RangeError(`In the pattern "${text}" the segment "${segment}" mixes a wildcard with letters.`);
    }
    if (segment === '#' && i < segments.length - 1) {
      throw new RangeError(`In the pattern "${text}" the "#" must be the last segment.`);
    }
  });
  if (!/[+#]/.test(text)) return { text, matches: (id) => id === text };
  return { text, matches: (id) => segmentsMatch(segments, id) };
}

/** Goes along the id without taking it to pieces: it is asked of every event. */
function segmentsMatch(pattern: readonly string[], id: string): boolean {
  let start = 0;
  for (const segment of pattern) {
    if (segment === '#') return true;
    if (start > id.length) return false;
    const slash = id.indexOf('/', start);
    const end = slash < 0 ? id.length : slash;
    const isSame = end - start === segment.length && id.startsWith(segment, start);
    if (segment !== '+' && !isSame) return false;
    start = end + 1;
  }
  return start === id.length + 1;
}
