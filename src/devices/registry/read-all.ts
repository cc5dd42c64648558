import type { RecordRange, RecordTable, StoredRecord } from '../../engine/record-table.js';

const PAGE = 1_000;

/** All records of a range in order, read a page at a time. */
export async function* readAll(
  table: RecordTable,
  range: Omit<RecordRange, 'limit'> = {},
): AsyncGenerator<StoredRecord> {
  let { from } = range;
  for (;;) {
    const page = await table.range({ ...range, from, limit: PAGE });
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    // The next key in the order of bytes.
    from = `${last.key}\u0001`;
  }
}
