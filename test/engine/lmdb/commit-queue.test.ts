import { describe, expect, it } from '@jest/globals';
import { draft, wideSetting } from '../../contracts/message-log/log-under-test.js';
import { FaultyDisk, openEngine } from './support/lmdb-under-test.js';

const MEGABYTE = 1_048_576;
const spacious = () => wideSetting({ maxBytes: 10 * 2 ** 30, maxMessages: 1_000_000 });

describe('What is handed in faster than the disk takes it', () => {
  it('is written in several commits, none of which is too large, in order', async () => {
    const engine = await openEngine(spacious());
    const log = engine.messages.open('a');
    const order: number[] = [];
    const appends = Array.from({ length: 100 }, async (_, i) => {
      await log.append(draft(Buffer.alloc(MEGABYTE, i)));
      order.push(i);
    });
    await Promise.all(appends);
    expect(engine.stats().commits).toBeGreaterThanOrEqual(3);
    expect(order).toEqual(Array.from({ length: 100 }, (_, i) => i));
    expect([log.length, (await log.read(log.last - 2, 1))[0]?.body[0]]).toEqual([100, 98]);
  });

  it('is refused when more waits than the engine may hold, and taken again afterwards', async () => {
    const engine = await openEngine(spacious());
    const log = engine.messages.open('a');
    const body = Buffer.alloc(20 * MEGABYTE);
    const appends: unknown[] = [];
    const publish = () => appends.push(log.append(draft(body)));
    expect(() => {
      for (let i = 0; i < 100; i++) publish();
    }).toThrow(
      expect.objectContaining({
        code: 'engine_unavailable',
        message: expect.stringMatching(/The disk is behind: \d+ bytes wait/),
      }),
    );
    await Promise.all(appends);
    await log.append(draft('1'));
    expect(log.length).toBe(appends.length + 1);
  });

  it('is all refused when the first of several commits fails', async () => {
    const [setting, disk] = [spacious(), new FaultyDisk()];
    const engine = await disk.open(setting);
    await engine.messages.open('a').append(draft('1'));
    disk.fault = { code: 28, message: 'No space left on device' };
    const log = engine.messages.open('a');
    const appends = Array.from({ length: 50 }, () => log.append(draft(Buffer.alloc(MEGABYTE))));
    const outcomes = await Promise.allSettled(appends);
    expect(new Set(outcomes.map(({ status }) => status))).toEqual(new Set(['rejected']));
    expect([log.length, engine.messages.stats().messages, engine.stats().failures]).toEqual([1, 1, 1]);
  });
});
