import { validateSync } from 'class-validator';
import type { Fault } from './fault.js';
import { rulesOf } from './keys/key-rules.js';
import { nearest } from './nearest.js';
import { type Entries, type Entry, faultAt } from './sources/entry.js';

/** A mapping of the configuration, read into the class that knows its keys. */
export interface WrittenSection<Keys extends object> {
  /** what was written where it is right, the defaults elsewhere */
  readonly keys: Keys;
  readonly entries: Entries;
  /** keys whose value is wrong or missing, and was told so */
  readonly faulty: ReadonlySet<string>;
}

/**
 * Checks a mapping's keys and values against a class of keys.
 * @param parent stands for keys that are missing; undefined when the class requires none
 * @param faults unknown keys, wrong values and missing keys are added here, in the order of their lines
 */
export function readSection<Keys extends object>(
  KeyClass: new () => Keys,
  entries: Entries,
  faults: Fault[],
  parent?: Entry,
): WrittenSection<Keys> {
  const known = rulesOf(KeyClass);
  const defaults = new KeyClass();
  const keys = new KeyClass();
  for (const [name, entry] of entries) {
    if (known.has(name)) Object.assign(keys, { [name]: entry.value });
    else faults.push(faultAt(entry, unknownKey(name, known.keys())));
  }
  const faulty = new Set<string>();
  for (const { property, constraints = {} } of validateSync(keys)) {
    faulty.add(property);
    const allowed = Object.values(constraints).join(' ');
    const entry = entries.get(property);
    if (entry) faults.push(faultAt(entry, allowed));
    else if (parent) faults.push({ ...missing(parent, property), allowed: `It is missing. ${allowed}` });
    Object.assign(keys, { [property]: (defaults as Record<string, unknown>)[property] });
  }
  return { keys, entries, faulty };
}

/** What to say of a key that is not among the known ones. */
export function unknownKey(name: string, known: Iterable<string>): string {
  const names = [...known];
  const meant = nearest(name, names);
  if (meant) return `There is no such key; did you mean ${meant}?`;
  return `There is no such key; allowed are ${names.join(', ')}.`;
}

function missing({ key, file, line }: Entry, name: string): Omit<Fault, 'allowed'> {
  return { file, line, key: `${key}.${name}`, value: undefined };
}
