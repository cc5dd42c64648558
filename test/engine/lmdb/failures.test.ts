import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { LmdbEngine } from '../../../src/engine/lmdb/lmdb-engine.js';
import { BEFORE_ALL, type Position } from '../../../src/engine/position.js';
import { bodiesIn, draft, fill, wideSetting } from '../../contracts/message-log/log-under-test.js';
import { allOf, put } from '../../contracts/record-table/engine-under-test.js';
import { emptyFolder, FaultyDisk, openAfterCrash } from './support/lmdb-under-test.js';

const FULL = { code: 28, message: 'No space left on device' };
const BROKEN = { code: 5, message: 'Input/output error' };
/** Longer than the engine waits before it tries a disk again that failed. */
const RETRY_MS = 300;

/** The outcome of a promise that must not be left unheard. */
const codeOf = (work: () => unknown): Promise<string> =>
  (async () => work())().then(
    () => 'done',
    (error: { code: string }) => error.code,
  );

describe('A disk that is full', () => {
  it('refuses publishers with a sentence, and keeps what it has', async () => {
    const [setting, disk] = [wideSetting(), new FaultyDisk()];
    const engine = await disk.open(setting);
    await fill(engine.messages, 'a', ['1', '2']);
    disk.fault = FULL;
    await expect(engine.messages.open('a').append(draft('3'))).rejects.toMatchObject({
      name: 'EngineError',
      code: 'log_full',
      message: expect.stringMatching(/disk is full. \d+ bytes are free where \/.* lies. Make room there/),
    });
    expect(await bodiesIn(engine.messages, 'a')).toEqual(['1', '2']);
    expect([engine.messages.open('a').length, engine.messages.stats().messages]).toEqual([2, 2]);
    expect(engine.stats()).toMatchObject({ isHealthy: false, failures: 1 });
  });

  it('is tried again after a moment, and not for each publisher before', async () => {
    const [setting, disk] = [wideSetting(), new FaultyDisk()];
    const engine = await disk.open(setting);
    disk.fault = FULL;
    expect(await codeOf(() => engine.messages.open('a').append(draft('1')))).toBe('log_full');
    for (let i = 0; i < 10; i++)
      expect(await codeOf(() => engine.messages.open('a').append(draft('1')))).toBe('log_full');
    expect(disk.commits).toBe(1);
    setting.clock.advance(RETRY_MS);
    expect(await codeOf(() => engine.messages.open('a').append(draft('1')))).toBe('log_full');
    expect(disk.commits).toBe(2);
    disk.fault = undefined;
    setting.clock.advance(RETRY_MS);
    await engine.messages.open('a').append(draft('2'));
    expect(await bodiesIn(engine.messages, 'a')).toEqual(['2']);
    expect(engine.stats().isHealthy).toBe(true);
  });

  it('fails all that waits, gives no position twice, and leaves the oldest that was to go', async () => {
    const [setting, disk] = [wideSetting(), new FaultyDisk()];
    const engine = await disk.open(setting);
    const log = engine.messages.open('a');
    const [first] = await fill(engine.messages, 'a', ['1']);
    disk.fault = FULL;
    const written = codeOf(() => log.append(draft('2', { keepAtMost: 1 })));
    await new Promise((resolve) => setImmediate(resolve));
    const waiting = codeOf(() => engine.messages.open('b').append(draft('3')));
    expect(await Promise.all([written, waiting])).toEqual(['log_full', 'log_full']);
    expect([await bodiesIn(engine.messages, 'a'), log.first]).toEqual([['1'], first?.position]);
    disk.fault = undefined;
    setting.clock.advance(RETRY_MS);
    const { position } = await log.append(draft('4', { keepAtMost: 1 }));
    expect(position).toBeGreaterThan((first?.position as Position) + 1);
    expect(await bodiesIn(engine.messages, 'a')).toEqual(['4']);
  });

  it('makes nothing of a change set, and lets records be changed again', async () => {
    const [setting, disk] = [wideSetting(), new FaultyDisk()];
    const engine = await disk.open(setting);
    await engine.commit({ records: [put('a', '1')] });
    disk.fault = BROKEN;
    const set = { records: [put('a', '2'), put('b', '2')], messages: [{ channel: 'x', message: draft('1') }] };
    expect(await codeOf(() => engine.commit(set))).toBe('engine_unavailable');
    expect([await allOf(engine), await bodiesIn(engine.messages, 'x')]).toEqual([['a=1'], []]);
    disk.fault = undefined;
    setting.clock.advance(RETRY_MS);
    await engine.commit(set);
    expect([await allOf(engine), await bodiesIn(engine.messages, 'x')]).toEqual([['a=2', 'b=2'], ['1']]);
  });

  it('gets what was accepted before with the next commit that succeeds: messages, drops, removals and notes', async () => {
    const [setting, disk, folder] = [wideSetting(), new FaultyDisk(), emptyFolder()];
    const engine = await disk.open(setting, folder);
    await engine.messages.open('warm').append(draft('', { store: false }));
    await fill(engine.messages, 'a', ['1', '2']);
    await fill(engine.messages, 'gone', ['1']);
    disk.fault = BROKEN;
    engine.messages.open('a').append(draft('3', { durability: 'memory' }));
    engine.messages.open('new').append(draft('1', { durability: 'memory' }));
    engine.messages.open('a').dropOldest();
    engine.messages.open('a').note('noted');
    engine.messages.remove('gone');
    expect(await codeOf(() => engine.messages.open('b').append(draft('x')))).toBe('engine_unavailable');
    expect(await bodiesIn(engine.messages, 'a')).toEqual(['2', '3']);
    disk.fault = undefined;
    setting.clock.advance(RETRY_MS);
    engine.messages.sweep();
    await engine.messages.close();
    const after = await openAfterCrash(setting, folder);
    expect(await bodiesIn(after.messages, 'a')).toEqual(['2', '3']);
    expect(await bodiesIn(after.messages, 'new')).toEqual(['1']);
    expect([after.messages.has('gone'), after.messages.open('a').notes]).toEqual([false, 'noted']);
    const { messages, bytes } = engine.messages.stats();
    expect(after.messages.stats()).toMatchObject({ channels: 2, messages, bytes });
  });
});

interface Told {
  readonly channel: string;
  readonly body: string;
}

describe('Whatever fails and whenever', () => {
  it('what was acknowledged is on disk, in order, and what was refused is not', async () => {
    const channel = fc.constantFrom('a', 'b');
    const event = fc.oneof(
      { weight: 6, arbitrary: fc.record({ publish: channel, durability: fc.constantFrom('disk', 'memory') }) },
      { weight: 1, arbitrary: fc.record({ drop: channel }) },
      { weight: 2, arbitrary: fc.record({ fails: fc.boolean() }) },
      { weight: 3, arbitrary: fc.constant('turn' as const) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 60 }), async (events) => {
        const [setting, disk, folder] = [wideSetting(), new FaultyDisk(), emptyFolder()];
        const engine = await disk.open(setting, folder);
        const told: Told[] = [];
        const outcomes: Promise<unknown>[] = [];
        let count = 0;
        for (const event of events) {
          if (event === 'turn') await new Promise((resolve) => setImmediate(resolve));
          else if ('fails' in event) {
            disk.fault = event.fails ? FULL : undefined;
            setting.clock.advance(RETRY_MS);
          } else if ('drop' in event) {
            engine.messages.open(event.drop).dropOldest();
            const index = told.findIndex(({ channel }) => channel === event.drop);
            if (index >= 0) told.splice(index, 1);
          } else {
            const { publish: channel, durability } = event;
            const body = `${count++}`;
            const append = async () => {
              await engine.messages.open(channel).append(draft(body, { durability: durability as 'disk' | 'memory' }));
            };
            outcomes.push(
              append().then(
                () => told.push({ channel, body }),
                () => {},
              ),
            );
          }
        }
        await Promise.all(outcomes);
        disk.fault = undefined;
        setting.clock.advance(RETRY_MS);
        engine.messages.sweep();
        await engine.messages.close();
        await expectTold(engine, told);
        await expectTold(await openAfterCrash(setting, folder), told);
      }),
      { numRuns: 100 },
    );
  }, 60_000);
});

async function expectTold(engine: LmdbEngine, told: readonly Told[]): Promise<void> {
  for (const name of ['a', 'b']) {
    const expected = told.filter(({ channel }) => channel === name).map(({ body }) => body);
    const log = engine.messages.open(name);
    expect(await bodiesIn(engine.messages, name)).toEqual(expected);
    expect([log.length, log.first === undefined]).toEqual([expected.length, expected.length === 0]);
    expect((await log.next(BEFORE_ALL))?.body.toString()).toBe(expected[0]);
  }
  expect(engine.messages.stats().messages).toBe(told.length);
}
