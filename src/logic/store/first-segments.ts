import type { Engine } from '../../engine/engine.js';
import { below } from './tables.js';

/** What stands behind `prefix` up to the next "/" in a table's keys, each once; all that begins with it is skipped. */
export async function* firstSegments(engine: Engine, table: string, prefix: string): AsyncGenerator<string> {
  let range = prefix === '' ? {} : below(prefix.slice(0, -1));
  for (;;) {
    const [first] = await engine.table(table).range({ ...range, limit: 1 });
    const segment = first?.key.slice(prefix.length).split('/', 1)[0];
    if (segment === undefined) return;
    yield segment;
    range = { ...range, from: below(prefix + segment).before };
  }
}
