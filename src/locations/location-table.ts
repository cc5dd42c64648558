import { checkLocations } from './check-locations.js';
import { CompiledLocation, type LocationPlan } from './compiled-location.js';
import type { Location, LocationMatch, LocationTable } from './location.js';
import { parseLocationPath } from './location-path.js';
import { normalizePath } from './normalize-path.js';

/**
 * Characters of a path that regular expressions are tried on. JavaScript's expressions backtrack: two `.*` without a `^`
 * take a time that grows with the third power of the length, some 20 ms at this one. A longer path matches none.
 */
export const MAX_EXPRESSION_PATH_LENGTH = 512;

/**
 * Makes the table of all locations.
 * @throws RangeError with a sentence for the first fault that `checkLocations` would tell
 */
export function compileLocations(plans: readonly LocationPlan[]): LocationTable {
  const [fault] = checkLocations(plans);
  if (fault) {
    const written = plans[fault.index]?.[fault.key];
    throw new RangeError(`locations[${fault.index}].${fault.key} is "${written}". ${fault.sentence}`);
  }
  return new NginxOrderedTable(plans);
}

interface Prefix {
  readonly path: string;
  readonly endsSearch: boolean;
  readonly match: LocationMatch;
}

interface Expression {
  readonly expression: RegExp;
  readonly location: Location;
}

/** Chooses in nginx's order: exact; the longest prefix if it is `^~`; the first expression; the longest prefix. */
class NginxOrderedTable implements LocationTable {
  readonly all: readonly Location[];
  private readonly exact = new Map<string, LocationMatch>();
  /** longest first */
  private readonly prefixes: Prefix[] = [];
  private readonly expressions: Expression[] = [];
  /** the path that was looked for last, and what it led to: most requests of a hub have one of a few paths */
  private lastPath = '';
  private lastMatch: LocationMatch | undefined;

  constructor(plans: readonly LocationPlan[]) {
    this.all = plans.map((plan) => this.add(plan));
    this.prefixes.sort((a, b) => b.path.length - a.path.length);
  }

  match(path: string): LocationMatch | undefined {
    if (path !== this.lastPath) {
      this.lastMatch = this.find(path);
      this.lastPath = path;
    }
    return this.lastMatch;
  }

  private find(path: string): LocationMatch | undefined {
    const normal = normalizePath(path);
    if (normal === undefined) return undefined;
    const exact = this.exact.get(normal);
    if (exact) return exact;
    const prefix = this.prefixes.find((candidate) => normal.startsWith(candidate.path));
    if (this.expressions.length === 0 || prefix?.endsSearch) return prefix?.match;
    if (normal.length > MAX_EXPRESSION_PATH_LENGTH) return undefined;
    return this.matchExpression(normal) ?? prefix?.match;
  }

  private matchExpression(path: string): LocationMatch | undefined {
    for (const { expression, location } of this.expressions) {
      const found = expression.exec(path);
      // A group that took no part is undefined, whatever the type says.
      if (found) return { location, captures: Array.from(found.slice(1), (group) => group ?? '') };
    }
    return undefined;
  }

  private add(plan: LocationPlan): Location {
    const path = parseLocationPath(plan.path);
    const location = new CompiledLocation(plan, path);
    const match: LocationMatch = { location, captures: [] };
    if (path.kind === 'exact') this.exact.set(path.path, match);
    else if (path.kind === 'prefix') this.prefixes.push({ path: path.path, endsSearch: path.endsSearch, match });
    else this.expressions.push({ expression: path.expression, location });
    return location;
  }
}
