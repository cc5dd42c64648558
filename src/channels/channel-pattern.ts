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
  return { text, matches: (id) => segmentsMatch(segments, id.split('/')) };
}

function segmentsMatch(pattern: readonly string[], id: readonly string[]): boolean {
  for (let i = 0; i < pattern.length; i++) {
    if (pattern[i] === '#') return true;
    if (i >= id.length) return false;
    if (pattern[i] !== '+' && pattern[i] !== id[i]) return false;
  }
  return pattern.length === id.length;
}
