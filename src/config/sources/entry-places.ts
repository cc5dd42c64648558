import type { WrittenPlace, WrittenPlaces } from '../hub-config.js';
import type { Entry } from './entry.js';

/** Where the values within an entry were written; looked for only when somebody asks. */
export class EntryPlaces implements WrittenPlaces {
  // Hidden: two configurations that say the same are equal wherever they were written.
  readonly #entry: Entry | undefined;

  constructor(entry: Entry | undefined) {
    this.#entry = entry;
  }

  find(path: readonly string[]): WrittenPlace | undefined {
    let found = this.#entry;
    for (const step of path) found = found?.members?.get(step) ?? found?.items?.[Number(step)];
    return found && { key: found.key, file: found.file, line: found.line };
  }
}
