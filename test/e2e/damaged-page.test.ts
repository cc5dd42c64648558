import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { endSpawned } from '../cli/support/spawned.js';
import { HubFolder, HubProcess } from '../support/hub-process.js';

const PATIENCE_MS = 120_000;
const PAGE_BYTES = 4_096;
const HEADER_BYTES = 24;
/** Where a page says how far behind its header its entries begin; before them may be what is left of an older page. */
const ENTRIES_AT = 22;

afterEach(endSpawned);

/** Overwrites with zeros each page of lmdb's file that has an entry with `text`. @returns how many */
function damagePages(file: string, text: string): number {
  const bytes = readFileSync(file);
  let damaged = 0;
  for (let at = 0; at < bytes.length; at += PAGE_BYTES) {
    const page = bytes.subarray(at, at + PAGE_BYTES);
    if (!page.includes(text, HEADER_BYTES + page.readUInt16LE(ENTRIES_AT))) continue;
    page.fill(0);
    damaged++;
  }
  writeFileSync(file, bytes);
  return damaged;
}

describe('A hub whose data file is damaged in the middle', () => {
  it(
    'ends its start with a sentence when nothing can be found there any more',
    async () => {
      const folder = await HubFolder.make();
      const file = join(folder.data, 'data.mdb');
      const hub = await HubProcess.start(folder.configuration);
      expect((await fetch(`${hub.url}/pub?id=a-rare-name`, { method: 'POST', body: 'hello' })).status).toBe(202);
      await hub.stop();
      expect(damagePages(file, 'a-rare-name')).toBeGreaterThan(0);
      const start = HubProcess.start(folder.configuration);
      await expect(start).rejects.toThrow(
        /the data file in .*data is damaged \(MDB_CORRUPTED: .*restore the last backup\./,
      );
      await folder.remove();
    },
    PATIENCE_MS,
  );
});
