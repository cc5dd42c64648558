import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LmdbEngine } from '../../../src/engine/lmdb/lmdb-engine.js';
import type { Durability, NewMessage } from '../../../src/engine/message-log.js';
import { BEFORE_ALL, type Position, secondOf } from '../../../src/engine/position.js';
import { bodiesIn, draft, wideSetting } from '../../contracts/message-log/log-under-test.js';
import { closeEngine, emptyFolder, openAfterCrash, openEngine } from './support/lmdb-under-test.js';

const kept = (body: string, durability: Durability, changed: Partial<NewMessage> = {}) =>
  draft(body, { durability, ...changed });

/** The engine has reserved positions, as the first message that is told before a commit makes it do. */
async function warm(engine: LmdbEngine): Promise<void> {
  await engine.messages.open('warm').append(draft('', { store: false }));
}

describe('A message of durability disk', () => {
  it('is told and shown once it is on disk', async () => {
    const [setting, folder] = [wideSetting(), emptyFolder()];
    const engine = await openEngine(setting, folder);
    const log = engine.messages.open('a');
    const appended = log.append(draft('1'));
    expect(appended).toBeInstanceOf(Promise);
    expect([log.next(BEFORE_ALL), log.length]).toEqual([undefined, 0]);
    await appended;
    expect([await bodiesIn(engine.messages, 'a'), log.length]).toEqual([['1'], 1]);
    expect(await bodiesIn((await openAfterCrash(setting, folder)).messages, 'a')).toEqual(['1']);
  });

  it('shares its commit with all that came in the same turn, and with all that came while one was written', async () => {
    const engine = await openEngine(wideSetting());
    await engine.messages.open('a').append(draft('alone'));
    const before = engine.stats().commits;
    const together = Array.from({ length: 50 }, (_, i) => engine.messages.open(`c${i}`).append(draft('')));
    await Promise.all(together);
    expect(engine.stats().commits - before).toBe(1);
    const first = engine.messages.open('a').append(draft('first'));
    await new Promise((resolve) => setImmediate(resolve));
    const behind = Array.from({ length: 50 }, (_, i) => engine.messages.open(`c${i}`).append(draft('')));
    await Promise.all([first, ...behind]);
    expect(engine.stats().commits - before).toBe(3);
  });

  it('leaves what it pushes out to readers until it is on disk itself', async () => {
    const engine = await openEngine(wideSetting());
    const log = engine.messages.open('a');
    await log.append(draft('1', { keepAtMost: 1 }));
    const second = log.append(draft('2', { keepAtMost: 1 }));
    expect(await bodiesIn(engine.messages, 'a')).toEqual(['1']);
    await second;
    expect(await bodiesIn(engine.messages, 'a')).toEqual(['2']);
  });
});

describe('A message of durability memory', () => {
  it('is told and shown at once, and on disk with the next commit', async () => {
    const [setting, folder] = [wideSetting(), emptyFolder()];
    const engine = await openEngine(setting, folder);
    await warm(engine);
    const log = engine.messages.open('a');
    const told = log.append(kept('1', 'memory'));
    expect(told).not.toBeInstanceOf(Promise);
    expect(await bodiesIn(engine.messages, 'a')).toEqual(['1']);
    expect((await openAfterCrash(setting, folder)).messages.has('a')).toBe(false);
    await closeEngine(engine);
    expect(await bodiesIn((await openEngine(setting, folder)).messages, 'a')).toEqual(['1']);
  });

  it('waits behind one that waits for the disk, so that the order is kept', async () => {
    const engine = await openEngine(wideSetting());
    await warm(engine);
    const log = engine.messages.open('a');
    const order: string[] = [];
    const tell = async (body: string, durability: Durability) => {
      await log.append(kept(body, durability));
      order.push(body);
    };
    await Promise.all([tell('1', 'disk'), tell('2', 'memory'), tell('3', 'none'), tell('4', 'disk')]);
    expect(order).toEqual(['1', '2', '3', '4']);
    expect(await bodiesIn(engine.messages, 'a')).toEqual(['1', '2', '3', '4']);
  });
});

describe('A message of durability none', () => {
  it('is told and shown at once, and gone after a restart, with what is on disk untouched', async () => {
    const [setting, folder] = [wideSetting(), emptyFolder()];
    const engine = await openEngine(setting, folder);
    await engine.messages.open('a').append(draft('disk 1'));
    await warm(engine);
    engine.messages.open('a').append(kept('passing', 'none'));
    await engine.messages.open('a').append(draft('disk 2'));
    expect(await bodiesIn(engine.messages, 'a')).toEqual(['disk 1', 'passing', 'disk 2']);
    expect(engine.messages.stats().messages).toBe(3);
    await closeEngine(engine);
    const again = await openEngine(setting, folder);
    expect(await bodiesIn(again.messages, 'a')).toEqual(['disk 1', 'disk 2']);
    expect([again.messages.open('a').length, again.messages.stats().messages]).toEqual([2, 2]);
  });

  it('takes its place in the buffer among those on disk: the oldest goes, whichever it is', async () => {
    const engine = await openEngine(wideSetting());
    await warm(engine);
    const log = engine.messages.open('a');
    const length2 = { keepAtMost: 2 };
    await log.append(kept('1', 'none', length2));
    await log.append(kept('2', 'disk', length2));
    await log.append(kept('3', 'none', length2));
    expect(await bodiesIn(engine.messages, 'a')).toEqual(['2', '3']);
    await log.append(kept('4', 'disk', length2));
    expect(await bodiesIn(engine.messages, 'a')).toEqual(['3', '4']);
    log.dropOldest();
    expect([await bodiesIn(engine.messages, 'a'), log.first]).toEqual([['4'], log.last]);
  });

  it('counts against max_reserved_memory, and gives way as messages on disk do', async () => {
    const engine = await openEngine(wideSetting(), emptyFolder(), { maxMemoryBytes: 1_000 });
    await warm(engine);
    const log = engine.messages.open('a');
    await log.append(draft('d'.repeat(5_000)));
    for (const digit of ['1', '2', '3']) await log.append(kept(digit.repeat(300), 'none'));
    expect((await bodiesIn(engine.messages, 'a')).map((body) => body[0])).toEqual(['d', '2', '3']);
    expect(() => engine.messages.open('b').append(kept('x'.repeat(300), 'none'))).toThrow(
      expect.objectContaining({ code: 'log_full', message: expect.stringContaining('(max_reserved_memory)') }),
    );
  });
});

describe('A channel that was removed', () => {
  it('does not come back after a crash once that is settled', async () => {
    const [setting, folder] = [wideSetting(), emptyFolder()];
    const engine = await openEngine(setting, folder);
    await engine.messages.open('a').append(draft('1'));
    expect(engine.messages.settled()).toBeUndefined();
    engine.messages.remove('a');
    const settled = engine.messages.settled();
    expect(settled).toBeInstanceOf(Promise);
    await settled;
    expect((await openAfterCrash(setting, folder)).messages.has('a')).toBe(false);
  });
});

describe('Positions', () => {
  it('that were told to anybody are not given again after a crash, whatever the clock does', async () => {
    const durability = fc.constantFrom('disk', 'memory', 'none', 'passing');
    const event = fc.oneof(
      { weight: 5, arbitrary: fc.record({ publish: durability, channel: fc.constantFrom('a', 'b') }) },
      { weight: 1, arbitrary: fc.record({ remove: fc.constantFrom('a', 'b') }) },
      { weight: 1, arbitrary: fc.constant('crash' as const) },
      { weight: 2, arbitrary: fc.record({ shiftMs: fc.integer({ min: -30_000, max: 30_000 }) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 40 }), async (events) => {
        const setting = wideSetting();
        let folder = emptyFolder();
        let engine = await openEngine(setting, folder);
        const highest: Record<string, Position> = { a: 0, b: 0 };
        for (const event of events) {
          if (event === 'crash') {
            engine = await openAfterCrash(setting, folder);
            folder = engine.folder;
          } else if ('publish' in event) {
            const { publish, channel } = event;
            const message = publish === 'passing' ? draft('', { store: false }) : kept('', publish as Durability);
            const { position } = await engine.messages.open(channel).append(message);
            expect(position).toBeGreaterThan(highest[channel] as Position);
            highest[channel] = position;
          } else if ('remove' in event) engine.messages.remove(event.remove);
          else setting.clock.setWall(setting.clock.now() + event.shiftMs);
        }
        await closeEngine(engine);
      }),
      { numRuns: 60 },
    );
  });

  it('go on in the clock’s second after a clean stop, and after a crash of a hub that stored all it told', async () => {
    const [setting, folder] = [wideSetting(), emptyFolder()];
    setting.clock.advance(60_000);
    const engine = await openEngine(setting, folder);
    await engine.messages.open('a').append(draft('1'));
    setting.clock.advance(1_000);
    const crashed = await openAfterCrash(setting, folder);
    const { position } = await crashed.messages.open('a').append(draft('2'));
    expect(secondOf(position)).toBe(setting.clock.now() / 1000);
    await warm(crashed);
    await closeEngine(crashed);
    const clean = await openEngine(setting, crashed.folder);
    expect(secondOf((await clean.messages.open('a').append(draft('3'))).position)).toBe(setting.clock.now() / 1000);
  });
});
