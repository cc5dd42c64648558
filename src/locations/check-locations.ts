import { parseTemplate } from './channel-template.js';
import { groupsOf, type LocationPath, parseLocationPath, pathIdentity } from './location-path.js';

/** What of a location's configuration says which URLs it serves and which channel they name. */
export interface LocationAddress {
  /** undefined: not known, and not checked */
  readonly path: string | undefined;
  readonly channel: string | undefined;
}

/** What is wrong with one location, in a sentence. */
export interface LocationFault {
  /** of the location in the list that was checked */
  readonly index: number;
  readonly key: 'path' | 'channel';
  readonly sentence: string;
}

/** A `$9` is not held against a location whose path could not be read. */
const GROUPS_OF_UNREAD_PATH = 9;

/** Everything that is wrong with the paths and channel templates; nothing when they compile. */
export function checkLocations(locations: readonly LocationAddress[]): readonly LocationFault[] {
  const faults: LocationFault[] = [];
  const owners = new Map<string, LocationPath>();
  for (const [index, { path, channel }] of locations.entries()) {
    const tell = (key: LocationFault['key']) => (sentence: string) => void faults.push({ index, key, sentence });
    const parsed = path === undefined ? undefined : tryTo(() => parseLocationPath(path), tell('path'));
    if (parsed) {
      claim(owners, parsed, tell('path'));
      if (isTaken(parsed))
        tell('path')(`Paths below "/v1/devices/" and "/v1/commands" are the device API's; choose another.`);
    }
    if (channel === undefined) continue;
    tryTo(() => parseTemplate(channel, parsed ? groupsOf(parsed) : GROUPS_OF_UNREAD_PATH), tell('channel'));
  }
  return faults;
}

function claim(owners: Map<string, LocationPath>, path: LocationPath, tell: (sentence: string) => void): void {
  const identity = pathIdentity(path);
  const owner = owners.get(identity);
  if (owner) tell(`The location "${owner.title}" above serves the same paths; one of the two must change or go.`);
  else owners.set(identity, path);
}

/** What the device API is asked for first (docs/configuration.md, "path"); a request never comes to a location there. */
const TAKEN = /^\/v1\/(?:devices\/|commands(?:\/|$))/;

/** An expression may match other paths too; a prefix that ends before these does. */
function isTaken(location: LocationPath): boolean {
  if (location.kind === 'expression') return false;
  // What begins with /v1/commands may go on as /v1/commands-of, which is nobody's.
  const isOpen = location.kind === 'prefix' && location.path === '/v1/commands';
  return !isOpen && TAKEN.test(location.path);
}

function tryTo<T>(parse: () => T, tell: (sentence: string) => void): T | undefined {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    tell(error.message);
    return undefined;
  }
}
