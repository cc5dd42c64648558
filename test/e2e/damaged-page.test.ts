import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { endSpawned } from '../cli/support/spawned.js';
import { damagePages } from '../support/damaged-pages.js';
import { HubFolder, HubProcess } from '../support/hub-process.js';

const PATIENCE_MS = 120_000;

afterEach(endSpawned);

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
