import { isIP, isIPv4, isIPv6 } from 'node:net';
import type { Endpoint } from '../hub-config.js';

/** Where `8080` listens: the hub is shown to other machines by a host that says so, never by leaving it out. */
const LOOPBACK = '127.0.0.1';
const EVERY_ADDRESS = '0.0.0.0';

/**
 * Reads `HOST:PORT`, `[IPV6]:PORT`, `:PORT` and `*:PORT` (every IPv4 address) and `PORT` (127.0.0.1). Port 0 is any free one.
 * @returns undefined when it is none of them
 */
export function parseEndpoint(written: unknown): Endpoint | undefined {
  if (typeof written !== 'string' && typeof written !== 'number') return undefined;
  const [, bracketed, name, digits] = /^(?:(?:\[([^\]]*)\]|([^[\]:]*)):)?(\d{1,5})$/.exec(String(written)) ?? [];
  const port = Number(digits ?? Number.NaN);
  if (!(port <= 65_535)) return undefined;
  if (bracketed !== undefined) return isIPv6(bracketed) ? { host: bracketed, port } : undefined;
  if (name === undefined) return { host: LOOPBACK, port };
  if (name === '' || name === '*') return { host: EVERY_ADDRESS, port };
  return isHostName(name) ? { host: name, port } : undefined;
}

/** `127.0.0.1:8080`, `[::1]:8080`. */
export function formatEndpoint({ host, port }: Endpoint): string {
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

/** True when the two could not listen at a time, as far as their text tells. */
export function collide(a: Endpoint, b: Endpoint): boolean {
  if (a.port !== b.port || a.port === 0) return false;
  const areDistinctAddresses = isIP(a.host) !== 0 && isIP(b.host) !== 0 && a.host !== b.host;
  return !areDistinctAddresses || [a, b].some(({ host }) => host === EVERY_ADDRESS || host === '::');
}

function isHostName(text: string): boolean {
  // Digits and dots alone are an address, so that 300.1.1.1 is no name.
  if (/^[\d.]+$/.test(text)) return isIPv4(text);
  return (
    text.length <= 253 && /^(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)*[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/i.test(text)
  );
}
