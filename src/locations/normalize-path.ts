/** What makes a path differ from its normal form, or could: everything else is taken as it is. */
const PERHAPS_UNUSUAL = /[%#\0\x80-\uffff]|\/[/.]/;

/**
 * The path that locations are compared with, made as nginx makes it: percent-decoded (as UTF-8), repeated slashes merged,
 * `/./` and `/../` resolved, what follows `#` cut off. An encoded slash or dot counts like a plain one.
 * @param path as on the request line, without its query; bytes above 127 as latin1 characters
 * @returns undefined for a path that nginx answers 400: it does not begin with `/`, an escape is cut short or is not
 *   hexadecimal, the bytes are not UTF-8 or hold a NUL, or `..` leads above the root
 */
export function normalizePath(path: string): string | undefined {
  if (path.charCodeAt(0) !== 47) return undefined;
  if (!PERHAPS_UNUSUAL.test(path)) return path;
  const fragment = path.indexOf('#');
  const decoded = decode(fragment < 0 ? path : path.slice(0, fragment));
  return decoded === undefined || decoded.includes('\0') ? undefined : cleanPath(decoded);
}

/** A decoded path with its slashes merged and its dots resolved; undefined when it leads above the root. */
export function cleanPath(decoded: string): string | undefined {
  return resolveDots(decoded.replace(/\/{2,}/g, '/'));
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path.replace(/[\x80-\xff]/g, (byte) => `%${byte.charCodeAt(0).toString(16)}`));
  } catch {
    return undefined;
  }
}

function resolveDots(path: string): string | undefined {
  const segments = path.split('/');
  const resolved: string[] = [];
  for (const [i, segment] of segments.entries()) {
    const isLast = i === segments.length - 1;
    if (segment === '..') {
      // The first segment is the empty one before the leading slash; it cannot be left.
      if (resolved.length < 2) return undefined;
      resolved.pop();
    } else if (segment !== '.') {
      resolved.push(segment);
      continue;
    }
    if (isLast) resolved.push('');
  }
  return resolved.join('/');
}
