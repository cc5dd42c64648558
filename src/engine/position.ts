/**
 * The place of a message in its channel: the second it was published and its number within that second, in one integer
 * so that comparing, storing and sorting cost nothing. On the wire the two halves are Last-Modified and Etag.
 */
export type Position = number;

/** Messages of one channel within one second; the next one takes the following second. */
const TAGS_PER_SECOND = 2 ** 20;

/** Before every message. */
export const BEFORE_ALL: Position = 0;

/**
 * @param second unix time in whole seconds; negative counts as 0, beyond 2^32 (year 2106) as that
 * @param tag number within the second; too great a number stands behind every message of that second
 */
export function positionOf(second: number, tag: number): Position {
  const inRange = Math.min(Math.max(second, 0), 2 ** 32);
  return inRange * TAGS_PER_SECOND + Math.min(Math.max(tag, 0), TAGS_PER_SECOND - 1);
}

/** The second of publication, unix time. */
export function secondOf(position: Position): number {
  return Math.floor(position / TAGS_PER_SECOND);
}

/** The number within its second, from 0. */
export function tagOf(position: Position): number {
  // Exact, for the divisor is a power of two; the remainder of two floating-point numbers costs three times as much.
  return position - secondOf(position) * TAGS_PER_SECOND;
}

/** The position of which these are the second and the tag, as `secondOf` and `tagOf` gave them. */
export function joinedPosition(second: number, tag: number): Position {
  return second * TAGS_PER_SECOND + tag;
}

/**
 * The position for a message published now: tag 0 of this second, or right behind `last` when that is later, as it is
 * within a busy second and after the clock was set back (docs/adr/0003-positions.md).
 * @param last the highest position that the channel ever used
 */
export function nextPosition(last: Position, nowMs: number): Position {
  return Math.max(last + 1, Math.floor(nowMs / 1000) * TAGS_PER_SECOND);
}

/** `second:tag`, the form used in REST answers and logs. */
export function formatPosition(position: Position): string {
  return `${secondOf(position)}:${tagOf(position)}`;
}

/** Reads `second:tag`; undefined when the text is anything else. */
export function parsePosition(text: string): Position | undefined {
  const match = /^(\d{1,10}):(\d{1,7})$/.exec(text);
  return match ? positionOf(Number(match[1]), Number(match[2])) : undefined;
}
