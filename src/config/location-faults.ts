import type { Fault } from './fault.js';
import { type Entry, faultAt } from './sources/entry.js';
import type { WrittenLocation } from './written-config.js';

/**
 * Finds what is wrong with paths and channel templates. The room of locations knows their grammar and nothing of files;
 * this room knows files and nothing of their grammar. Whoever wires the two hands that room's function over.
 */
export type LocationCheck = (locations: readonly LocationAddress[]) => readonly {
  /** of the location in the list that was given */
  readonly index: number;
  readonly key: keyof LocationAddress;
  readonly sentence: string;
}[];

/** undefined: not written, or not text; it was told already */
interface LocationAddress {
  readonly path: string | undefined;
  /** of the channel, or of the device whose queue is served */
  readonly channel: string | undefined;
}

/** The same with file, line, key and value. */
export function locationFaults(locations: readonly WrittenLocation[], check: LocationCheck): readonly Fault[] {
  const faults = check(locations.map(addressOf));
  return faults.map(({ index, key, sentence }) => {
    const { entries } = locations[index] as WrittenLocation;
    const entry = entries.get(key) ?? entries.get('commands');
    return faultAt(entry as Entry, sentence);
  });
}

function addressOf({ keys, faulty }: WrittenLocation): LocationAddress {
  const template = faulty.has('channel') || faulty.has('commands') ? undefined : (keys.channel ?? keys.commands);
  return {
    path: faulty.has('path') ? undefined : (keys.path as string),
    channel: template as string | undefined,
  };
}
