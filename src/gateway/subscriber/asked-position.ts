import { BEFORE_ALL, type Position, positionOf } from '../../engine/position.js';
import { parseHttpDate } from '../http-date.js';
import { plainDigits } from '../plain-digits.js';

const ETAG = /^[ \t]*(?:(\d+)|(?:W\/)?"(\d+)")[ \t]*$/;

/**
 * Behind which position a subscriber asks for the next message. Last-Modified and Etag of the message it got before come
 * back as If-Modified-Since and If-None-Match; without a date that can be read it asks for the oldest, and without a tag
 * that can be read it names tag 0 of that second (docs/protocol/push.md, "Conditional requests").
 */
export function askedPosition(ifModifiedSince: string | undefined, ifNoneMatch: string | undefined): Position {
  if (ifModifiedSince === undefined || ifModifiedSince === '') return BEFORE_ALL;
  const second = parseHttpDate(ifModifiedSince);
  return second === undefined ? BEFORE_ALL : positionOf(second, tagOf(ifNoneMatch));
}

function tagOf(ifNoneMatch: string | undefined): number {
  if (ifNoneMatch === undefined) return 0;
  const plain = plainDigits(ifNoneMatch);
  if (plain >= 0) return plain;
  const match = ETAG.exec(ifNoneMatch);
  return match ? Number(match[1] ?? match[2]) : 0;
}
