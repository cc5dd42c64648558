import { describe, expect, it } from '@jest/globals';
import type { LmdbEngine } from '../../../src/engine/lmdb/lmdb-engine.js';
import { BEFORE_ALL } from '../../../src/engine/position.js';
import { bodiesOf, draft, type LogSetting, wideSetting } from '../../contracts/message-log/log-under-test.js';
import { closeEngine, emptyFolder, openEngine } from './support/lmdb-under-test.js';

const roomy = () => wideSetting({ maxBytes: 1_000_000_000, maxMessages: 1_000_000 });

/** Three lasting messages, and so many expired ones between each two, on disk alone. */
async function expiredBetween(setting: LogSetting, count = 2_500): Promise<LmdbEngine> {
  const folder = emptyFolder();
  const engine = await openEngine(setting, folder);
  const log = engine.messages.open('a');
  const brief = { expiresAt: setting.clock.now() + 1_000 };
  for (const body of ['1', '2', '3']) {
    if (body !== '1') for (let i = 0; i < count; i++) void log.append(draft('brief', brief));
    await log.append(draft(body));
  }
  await closeEngine(engine);
  setting.clock.advance(1_000);
  return openEngine(setting, folder);
}

describe('Many expired messages', () => {
  it('are passed a bounded number at a time by who looks for the next message', async () => {
    const log = (await expiredBetween(roomy())).messages.open('a');
    const first = log.next(BEFORE_ALL);
    expect(first).toMatchObject({ text: '1' });
    const second = log.next(log.first as number);
    expect(second).toBeInstanceOf(Promise);
    expect(await second).toMatchObject({ text: '2' });
  });

  it('are passed by who reads a page, which is full and in order', async () => {
    const log = (await expiredBetween(roomy())).messages.open('a');
    expect(bodiesOf(await log.read(BEFORE_ALL, 2))).toEqual(['1', '2']);
    expect(bodiesOf(await log.read(BEFORE_ALL, 9))).toEqual(['1', '2', '3']);
  });

  it('do not keep a reader from what is published meanwhile, also from what is in memory alone', async () => {
    const log = (await expiredBetween(roomy())).messages.open('a');
    const page = log.read(BEFORE_ALL, 9);
    await log.append(draft('4'));
    await log.append(draft('5', { durability: 'none' }));
    const read = await page;
    const rest = await log.read(read.at(-1)?.position as number, 9);
    expect(bodiesOf([...read, ...rest])).toEqual(['1', '2', '3', '4', '5']);
  });

  it('end with nothing when the channel is removed, or the engine stops, on the way', async () => {
    const engine = await expiredBetween(roomy());
    const removed = engine.messages.open('a').next(engine.messages.open('a').first as number);
    engine.messages.remove('a');
    expect(await removed).toBeUndefined();
    const stopping = await expiredBetween(roomy(), 50_000);
    const stopped = stopping.messages.open('a').next(stopping.messages.open('a').first as number);
    await closeEngine(stopping);
    expect(await stopped).toBeUndefined();
  });
});
