import type { DataFile } from './data-file.js';
import type { Environment } from './environment.js';
import { hasOwner } from './ownership.js';
import { unusable } from './unusable.js';

/** Turns the contents from one format into the next. */
type Upgrade = (env: Environment) => void;

/** A format that a version writes, and the way to it from all before. */
export interface Format {
  readonly number: number;
  /** by the format that they start from */
  readonly upgrades: ReadonlyMap<number, Upgrade>;
}

/**
 * What this version writes. Each later format gets an upgrade here, so that any older folder can be opened.
 *   2: messages may have a cause (disk-message.ts). Those of format 1 have none and stay as they are; a version that knows
 *      only format 1 would take a cause for a part of the body, and must not open the folder.
 */
export const CURRENT: Format = { number: 2, upgrades: new Map([[1, () => {}]]) };

export const FORMAT_KEY = Buffer.from('signalbox.format');
const BY_WHOM = 'Start the version that wrote it';

/**
 * Reads the folder's format; changes nothing.
 * @throws EngineError `engine_unavailable` when a later version or another program wrote it
 */
export function formatOf(file: DataFile, { number }: Format = CURRENT): number {
  const stored = file.root.getBinary(FORMAT_KEY);
  if (!stored) {
    // A first start that was cut short has left an owner.
    if (file.isEmpty || hasOwner(file)) return number;
    throw unusable(file.folder, 'its data.mdb was written by another program', BY_WHOM);
  }
  const format = Number(stored.toString());
  if (Number.isInteger(format) && format >= 1 && format <= number) return format;
  const written = stored.toString('utf8', 0, 20);
  throw unusable(file.folder, `it has format ${written}, and this version knows those up to ${number}`, BY_WHOM);
}

/** Brings the contents to the format of this version, all or nothing. @param found the format that they have */
export function upgrade(file: DataFile, env: Environment, found: number, format: Format = CURRENT): void {
  file.exclusively(() => {
    for (let step = found; step < format.number; step++) (format.upgrades.get(step) as Upgrade)(env);
    env.singles.put(FORMAT_KEY, Buffer.from(String(format.number)));
  });
}
