import { isIP } from 'node:net';

/**
 * True when a request may have been meant for a server on a loopback address. A page of another site can let its own name
 * point to 127.0.0.1 and then reads whatever listens there, as the same site (DNS rebinding); addresses and `localhost`
 * cannot be taken over like that.
 * @param hostHeader undefined when there is none, as in HTTP/1.0
 */
export function isOwnHost(hostHeader: string | undefined): boolean {
  if (hostHeader === undefined || hostHeader === '') return true;
  const name = hostHeader.replace(/:\d*$/, '').toLowerCase();
  return isIP(name.replace(/^\[(.*)\]$/, '$1')) !== 0 || /^(?:.+\.)?localhost\.?$/.test(name);
}

/** True for 127.0.0.0/8 and ::1. */
export function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address);
}
