import { HubError } from '../../channels/hub-error.js';
import type { Exchange } from '../exchange.js';

const ETAG = /^(?:W\/)?"?(\d{1,15})"?$/;

/**
 * The revision that a record must have for a change, by `If-Match` with the ETag of an answer before, or 0 by
 * `If-None-Match: *` for one that must not exist yet; undefined when the client does not mind.
 * @throws HubError `bad_request`
 */
export function askedRevision(exchange: Exchange): number | undefined {
  const match = exchange.header('if-match');
  const noneMatch = exchange.header('if-none-match');
  if (match === undefined && noneMatch === undefined) return undefined;
  if (match === undefined && noneMatch === '*') return 0;
  const revision = ETAG.exec(match ?? '')?.[1];
  if (revision !== undefined && noneMatch === undefined) return Number(revision);
  throw new HubError(
    'bad_request',
    'A change may have If-Match with the ETag of an answer before, as in "17" with its quotes, or If-None-Match: * for what ' +
      'must not exist yet; nothing else, and not both.',
  );
}

/** The revision that a client has read, by If-None-Match with the ETag of an answer before; undefined when it names none. */
export function seenRevision(exchange: Exchange): number | undefined {
  const revision = ETAG.exec(exchange.header('if-none-match') ?? '')?.[1];
  return revision === undefined ? undefined : Number(revision);
}

export function etagOf(revision: number): readonly [string, string] {
  return ['ETag', `"${revision}"`];
}
