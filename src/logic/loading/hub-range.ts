import { satisfies } from 'semver';

/** What a plugin says of the hubs that it fits: `^0.1`, `0.1`, `>=0.1.2`. As in npm, of which this is the part that is needed. */
const RANGE = /^(\^|>=)?\d+(?:\.\d+){0,2}$/;

/**
 * Why a plugin does not fit this hub; undefined when it does.
 * @param version of the hub, as in `0.1.0`; one before a release fits as that release does
 * @returns a sentence's end
 */
export function hubFault(range: unknown, version: string): string | undefined {
  if (typeof range !== 'string' || !RANGE.test(range)) {
    return `hub is ${JSON.stringify(range)}; a range of versions such as "^0.1" or ">=0.1.2" is allowed.`;
  }
  if (satisfies(version, range, { includePrerelease: true })) return undefined;
  return `it is made for hub ${range}, and this one is ${version}. Install another version of the one or the other.`;
}
