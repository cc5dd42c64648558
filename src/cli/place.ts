import type { HttpAnswer } from './http-request.js';

/** Where a subscriber stands in a channel: what it asks the next message behind. */
export type Place =
  | { readonly behind: 'nothing' }
  | { readonly behind: 'now' }
  /** second: unix time; tag: number within it */
  | { readonly behind: 'message'; readonly second: number; readonly tag: number };

/** Later than every message, so that a request with it waits for the next one. */
const FAR_FUTURE = 'Fri, 31 Dec 9999 23:59:59 GMT';
/** No second of a channel has as many messages. */
const LAST_TAG = 2 ** 20 - 1;

/** Reads `oldest`, `now` or `T:tag`; undefined when it is none of them. */
export function parsePlace(text: string): Place | undefined {
  if (text === 'oldest') return { behind: 'nothing' };
  if (text === 'now') return { behind: 'now' };
  const [, second, tag] = /^(\d{1,10}):(\d{1,7})$/.exec(text) ?? [];
  return second === undefined ? undefined : { behind: 'message', second: Number(second), tag: Number(tag) };
}

/** The request headers that ask for the message behind a place. */
export function placeHeaders(place: Place): Readonly<Record<string, string>> {
  switch (place.behind) {
    case 'nothing':
      return {};
    case 'now':
      return { 'If-Modified-Since': FAR_FUTURE, 'If-None-Match': '0' };
    case 'message':
      return { 'If-Modified-Since': new Date(place.second * 1000).toUTCString(), 'If-None-Match': String(place.tag) };
  }
}

/** Behind the message that an answer carries; undefined when the answer does not say which it is. */
export function placeOf({ headers }: HttpAnswer): (Place & { behind: 'message' }) | undefined {
  const second = Date.parse(headers['last-modified'] ?? '') / 1000;
  const tag = /^(?:W\/)?"?(\d+)"?$/.exec(headers.etag ?? '')?.[1];
  return Number.isNaN(second) || tag === undefined ? undefined : { behind: 'message', second, tag: Number(tag) };
}

/**
 * The place to go on from after a request that brought nothing. "Now" has passed by then and would pass over what is
 * published between two requests; a time when nothing had come does not.
 * @param date the answer's Date; this machine's time when there was no answer
 */
export function placeAfterNothing(place: Place, date: string | undefined): Place {
  if (place.behind !== 'now') return place;
  const answered = Date.parse(date ?? '');
  const second = Math.floor((Number.isNaN(answered) ? Date.now() : answered) / 1000);
  return { behind: 'message', second: second - 1, tag: LAST_TAG };
}
