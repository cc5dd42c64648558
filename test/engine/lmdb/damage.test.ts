import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { LmdbEngine } from '../../../src/engine/lmdb/lmdb-engine.js';
import { BEFORE_ALL } from '../../../src/engine/position.js';
import { bodiesIn, fill, type LogSetting, wideSetting } from '../../contracts/message-log/log-under-test.js';
import { put } from '../../contracts/record-table/engine-under-test.js';
import { damagePages } from '../../support/damaged-pages.js';
import { closeEngine, emptyFolder, openEngine } from './support/lmdb-under-test.js';

const RARE = 'a-rare-value';
const COUNT = 200;
const RARE_AT = COUNT / 2;
const TEXT = 'x'.repeat(200);

const DAMAGED = expect.objectContaining({
  code: 'engine_unavailable',
  message: expect.stringContaining('What lies elsewhere in it can still be read.'),
});

/** An engine over a file of which one page is damaged: that on which RARE stood. */
async function damaged(setting: LogSetting, make: (engine: LmdbEngine) => Promise<unknown>): Promise<LmdbEngine> {
  const folder = emptyFolder();
  const engine = await openEngine(setting, folder);
  await make(engine);
  await closeEngine(engine);
  expect(damagePages(join(folder, 'data.mdb'), RARE)).toBe(1);
  return openEngine(setting, folder);
}

describe('A damaged page', () => {
  it.each(['get', 'range'])('of records is told of by %s, and all others can be read', async (way) => {
    const keyOf = (i: number) => `k${1_000 + i}`;
    const records = Array.from({ length: COUNT }, (_, i) => put(keyOf(i), i === RARE_AT ? RARE : TEXT));
    const engine = await damaged(wideSetting(), (whole) => whole.commit({ records }));
    const table = engine.table(records[0]?.table ?? '');
    for (let time = 0; time < 3; time++) {
      const read = () => (way === 'get' ? table.get(keyOf(RARE_AT)) : table.range({ from: keyOf(RARE_AT), limit: 1 }));
      expect(read).toThrow(DAMAGED);
      expect(table.get(keyOf(0))?.value).toBe(TEXT);
      expect(table.range({ from: keyOf(COUNT - 2), limit: 9 })).toHaveLength(2);
    }
  });

  it('of messages is told of, and those of other channels can be read', async () => {
    let position = BEFORE_ALL;
    const { messages } = await damaged(wideSetting({ maxBytes: 1_000_000 }), async (whole) => {
      const bodies = Array.from({ length: COUNT }, (_, i) => (i === RARE_AT ? RARE : TEXT));
      const stored = await fill(whole.messages, 'a', bodies);
      position = stored[RARE_AT]?.position as number;
      await fill(whole.messages, 'b', ['whole']);
    });
    for (let time = 0; time < 3; time++) {
      expect(() => messages.open('a').next(position - 1)).toThrow(DAMAGED);
      expect(await bodiesIn(messages, 'b')).toEqual(['whole']);
    }
  });

  it('that names the tables is told of at the start', async () => {
    const folder = emptyFolder();
    const engine = await openEngine(wideSetting(), folder);
    await fill(engine.messages, 'a', ['1']);
    await closeEngine(engine);
    expect(damagePages(join(folder, 'data.mdb'), 'signalbox.owner')).toBeGreaterThan(0);
    await expect(openEngine(wideSetting(), folder)).rejects.toThrow(/its data\.mdb is damaged \(MDB_/);
  });
});
