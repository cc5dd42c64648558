import { EXIT } from './exit-code.js';
import { Failure } from './failure.js';

/** The paths of the two locations that a hub without a configuration has. */
const USUAL_PATHS = { publish: '/pub', subscribe: '/sub' } as const;

/**
 * Where a channel is published to or subscribed at.
 * @param hub `http://127.0.0.1:8080`, or with the path and the arguments of a location of its own
 * @throws Failure of usage when it is not an http or https URL
 */
export function channelUrl(hub: string, role: keyof typeof USUAL_PATHS, channel: string): URL {
  const url = URL.canParse(hub) ? new URL(hub) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new Failure(`--url is "${hub}", which is not a URL such as http://127.0.0.1:8080.`, EXIT.usage);
  }
  if (url.pathname === '/') url.pathname = USUAL_PATHS[role];
  url.hash = '';
  url.search = `${url.search === '' ? '?' : `${url.search}&`}id=${inQuery(channel)}`;
  return url;
}

/**
 * Hubs compare ids as they are written in the request, percent-encoding untouched, so only what a query cannot hold is
 * encoded: `devices/fan-1/commands` stays as it is.
 */
function inQuery(channel: string): string {
  return channel.replace(/[^\x21-\x7e]|["#&<>]/gu, encodeURIComponent);
}
