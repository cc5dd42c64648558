/** What a plugin says of the hubs that it fits: `^0.1`, `0.1`, `>=0.1.2`. */
const RANGE = /^(\^|>=)?(\d+)(?:\.(\d+))?(?:\.(\d+))?$/;
const VERSION = /^(\d+)\.(\d+)\.(\d+)/;

/**
 * Why a plugin does not fit this hub; undefined when it does. `^` means as in npm: up to the next version that may break
 * something, which is the next first number that is not 0. A version alone stands for all that begin with it.
 * @param version of the hub, as in `0.1.0`; what comes behind the three numbers does not count
 * @returns a sentence's end
 */
export function hubFault(range: unknown, version: string): string | undefined {
  const parts = typeof range === 'string' ? RANGE.exec(range) : null;
  if (!parts) return `hub is ${JSON.stringify(range)}; a range of versions such as "^0.1" or ">=0.1.2" is allowed.`;
  const [, sign, ...written] = parts;
  const least = written.filter((number) => number !== undefined).map(Number);
  const hub = (VERSION.exec(version) ?? []).slice(1).map(Number);
  const isLate = compare(hub, least) >= 0;
  if (isLate && (sign === '>=' || isWithin(hub, least.slice(0, sign === '^' ? fixedLength(least) : least.length)))) {
    return undefined;
  }
  return `it is made for hub ${range}, and this one is ${version}. Install another version of the one or the other.`;
}

/** How many numbers of it a version must share to be compatible: all up to the first that is not 0. */
function fixedLength(least: readonly number[]): number {
  const first = least.findIndex((number) => number > 0);
  return first < 0 ? least.length : first + 1;
}

function isWithin(version: readonly number[], start: readonly number[]): boolean {
  return start.every((number, i) => version[i] === number);
}

/** Numbers that are left out count as 0. */
function compare(a: readonly number[], b: readonly number[]): number {
  const at = [0, 1, 2].find((i) => (a[i] ?? 0) !== (b[i] ?? 0));
  return at === undefined ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
