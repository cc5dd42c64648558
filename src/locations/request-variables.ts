/**
 * The value of the first argument with that name, raw, as nginx's `$arg_NAME` finds it; '' when there is none.
 * @param query without `?`
 * @param nameAndEquals the name in lower case and `=`: an argument without `=` is none
 */
export function argumentOf(query: string, nameAndEquals: string): string {
  const fragment = query.indexOf('#');
  const end = fragment < 0 ? query.length : fragment;
  for (let start = 0; start < end; ) {
    const ampersand = query.indexOf('&', start);
    const argumentEnd = ampersand < 0 || ampersand > end ? end : ampersand;
    const valueStart = start + nameAndEquals.length;
    if (valueStart <= argumentEnd && beginsAt(query, start, nameAndEquals)) return query.slice(valueStart, argumentEnd);
    start = argumentEnd + 1;
  }
  return '';
}

/** @param lowerCase what must stand at `start`, whatever the case there */
function beginsAt(text: string, start: number, lowerCase: string): boolean {
  if (text.startsWith(lowerCase, start)) return true;
  return text.slice(start, start + lowerCase.length).toLowerCase() === lowerCase;
}

/**
 * The value of a cookie, raw, as nginx's `$cookie_NAME` finds it: the first with that name, whatever its case.
 * @param header the Cookie line; undefined when there is none
 * @param name in lower case
 */
export function cookieOf(header: string | undefined, name: string): string {
  for (const cookie of header?.split(';') ?? []) {
    const equals = cookie.indexOf('=');
    if (equals >= 0 && cookie.slice(0, equals).trim().toLowerCase() === name) return cookie.slice(equals + 1).trim();
  }
  return '';
}

/** The client's address as nginx's `$remote_addr` has it: IPv4 over an IPv6 socket is plain IPv4. */
export function addressOf(remoteAddress: string): string {
  return remoteAddress.startsWith('::ffff:') && remoteAddress.includes('.') ? remoteAddress.slice(7) : remoteAddress;
}
