import type { Fault } from '../fault.js';
import { type Entries, type Entry, faultAt, membersOf, NO_ENTRIES } from './entry.js';

/** What one source sets: the file, the environment or the command line. */
export interface Layer {
  readonly top: Entries;
  readonly limits: Entries;
  readonly devices: Entries;
}

/** NHPM has it among the directives of the server; here it is a limit, and may stand in both places. */
const TWO_PLACED = 'max_reserved_memory';

export function layerOfFile(root: Entry, faults: Fault[]): Layer {
  const top = membersOf(root, faults);
  const layer = { top, limits: membersOf(top.get('limits'), faults), devices: membersOf(top.get('devices'), faults) };
  return withLimitsInPlace(layer, faults);
}

/** Moves `max_reserved_memory` from top level to the limits, where it must not stand too. */
export function withLimitsInPlace({ top, limits, devices }: Layer, faults: Fault[]): Layer {
  const misplaced = top.get(TWO_PLACED);
  if (!misplaced) return { top, limits, devices };
  const other = limits.get(TWO_PLACED);
  if (other) faults.push(faultAt(misplaced, `It is set by ${other.key} too; one of the two is allowed.`));
  const rest = new Map([...top].filter(([name]) => name !== TWO_PLACED));
  return { top: rest, limits: new Map([...limits, [TWO_PLACED, misplaced]]), devices };
}

/** What all layers set together; a later one has the say. */
export function stackLayers(layers: readonly Layer[]): Layer {
  const stack = (entries: (layer: Layer) => Entries): Entries =>
    new Map(layers.flatMap((layer) => [...entries(layer)]));
  return {
    top: stack(({ top }) => top),
    limits: stack(({ limits }) => limits),
    devices: stack(({ devices }) => devices),
  };
}

export const NO_LAYER: Layer = { top: NO_ENTRIES, limits: NO_ENTRIES, devices: NO_ENTRIES };
