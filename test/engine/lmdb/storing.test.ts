import { describe, expect, it } from '@jest/globals';
import { BEFORE_ALL } from '../../../src/engine/position.js';
import { bodiesIn, draft, fill, wideSetting } from '../../contracts/message-log/log-under-test.js';
import { closeEngine, emptyFolder, openAfterCrash, openEngine } from './support/lmdb-under-test.js';

const roomy = () => wideSetting({ maxBytes: 1_000_000_000, maxMessages: 1_000_000 });

/** Resolves when all that was handed in, and all that follows from it, is on disk. */
const settled = async (engine: { messages: { close(): Promise<void> } }) => engine.messages.close();

describe('The file', () => {
  it('stops growing while as much goes as comes', async () => {
    const engine = await openEngine(roomy());
    const publish = async (count: number) => {
      const appends = Array.from({ length: count }, (_, i) =>
        engine.messages.open(`c${i % 20}`).append(draft('x'.repeat(300), { keepAtMost: 10 })),
      );
      await Promise.all(appends);
    };
    for (let i = 0; i < 20; i++) await publish(200);
    const { fileBytes } = engine.stats();
    for (let i = 0; i < 100; i++) await publish(200);
    expect(engine.messages.stats().messages).toBe(200);
    expect(engine.stats().fileBytes).toBeLessThan(2 * fileBytes);
    expect(engine.stats().usedBytes).toBeLessThan(engine.stats().fileBytes);
  });

  it('gives the room of a removed channel back in steps, also when the hub was killed between two', async () => {
    const [setting, folder] = [roomy(), emptyFolder()];
    const engine = await openEngine(setting, folder);
    const appends = Array.from({ length: 5_000 }, () => engine.messages.open('large').append(draft('x'.repeat(100))));
    await Promise.all(appends);
    const full = engine.stats().usedBytes;
    engine.messages.remove('large');
    await fill(engine.messages, 'other', ['1']);
    expect(engine.messages.stats()).toMatchObject({ channels: 1, messages: 1 });
    const crashed = await openAfterCrash(setting, folder);
    expect([crashed.messages.has('large'), crashed.messages.stats().messages]).toEqual([false, 1]);
    expect(crashed.stats().usedBytes).toBeGreaterThan(full / 2);
    await fill(crashed.messages, 'large', ['new']);
    for (const left of [engine, crashed]) {
      await settled(left);
      expect(left.stats().usedBytes).toBeLessThan(full / 10);
    }
    expect(await bodiesIn(crashed.messages, 'large')).toEqual(['new']);
  });
});

describe('Channels on disk', () => {
  it('are opened when they are used, however many there are', async () => {
    const [setting, folder] = [roomy(), emptyFolder()];
    const engine = await openEngine(setting, folder);
    const names = Array.from({ length: 20_000 }, (_, i) => `devices/${i}/commands`);
    await Promise.all(names.map((name) => engine.messages.open(name).append(draft(name))));
    await closeEngine(engine);
    const again = await openEngine(setting, folder);
    expect(again.messages.stats()).toMatchObject({ channels: 20_000, messages: 20_000 });
    expect(again.stats().openChannels).toBe(0);
    expect([again.messages.has('devices/777/commands'), again.messages.has('devices/x/commands')]).toEqual([
      true,
      false,
    ]);
    expect(await bodiesIn(again.messages, 'devices/777/commands')).toEqual(['devices/777/commands']);
    expect(again.stats().openChannels).toBe(1);
  });

  it('are closed without a trace when all of them is on disk', async () => {
    const engine = await openEngine(roomy());
    const log = engine.messages.open('a');
    const appended = log.append(draft('1'));
    expect(engine.messages.release('a')).toBe(false);
    await appended;
    log.note('noted');
    expect(engine.messages.release('a')).toBe(false);
    await settled(engine);
    expect([engine.messages.release('a'), engine.stats().openChannels]).toEqual([true, 0]);
    expect([await bodiesIn(engine.messages, 'a'), engine.messages.open('a').notes]).toEqual([['1'], 'noted']);
    await engine.messages.open('memory').append(draft('1', { durability: 'none' }));
    expect([engine.messages.release('memory'), engine.messages.release('never opened')]).toEqual([false, true]);
  });

  it('keep what is new in memory up to the budget, and read the rest from disk', async () => {
    const engine = await openEngine(roomy(), emptyFolder(), { maxMemoryBytes: 100_000 });
    const bodies = Array.from({ length: 50 }, (_, i) => `${i}`.padEnd(1_000, '.'));
    for (const body of bodies)
      for (const name of ['a', 'b', 'c', 'd']) await engine.messages.open(name).append(draft(body));
    expect(engine.stats().tailBytes).toBeLessThanOrEqual(102_000);
    expect(engine.stats().tailBytes).toBeGreaterThan(0);
    for (const name of ['a', 'b', 'c', 'd']) {
      expect(await bodiesIn(engine.messages, name)).toEqual(bodies);
      const met: string[] = [];
      for (let at = await engine.messages.open(name).next(BEFORE_ALL); at; ) {
        met.push(at.body.toString());
        at = await engine.messages.open(name).next(at.position);
      }
      expect(met).toEqual(bodies);
    }
  });

  it('are given back after a restart with lengths, sizes and order as they were', async () => {
    const [setting, folder] = [roomy(), emptyFolder()];
    const engine = await openEngine(setting, folder);
    for (let i = 0; i < 30; i++) await engine.messages.open('a').append(draft(`${i}`, { keepAtMost: 12 }));
    engine.messages.open('a').dropOldest();
    const { length, bytes, first, last } = engine.messages.open('a');
    await closeEngine(engine);
    const log = (await openEngine(setting, folder)).messages.open('a');
    expect(log).toMatchObject({ length, bytes, first, last });
    expect(length).toBe(11);
  });

  it('drop what expired while the hub was down', async () => {
    const [setting, folder] = [roomy(), emptyFolder()];
    const engine = await openEngine(setting, folder);
    const brief = { expiresAt: setting.clock.now() + 1_000 };
    for (let i = 0; i < 2_500; i++) void engine.messages.open('a').append(draft('brief', brief));
    await engine.messages.open('a').append(draft('lasting'));
    await closeEngine(engine);
    setting.clock.advance(1_000);
    const again = await openEngine(setting, folder);
    expect((await again.messages.open('a').next(BEFORE_ALL))?.body.toString()).toBe('lasting');
    while (again.messages.open('a').dropExpired() > 0);
    expect([again.messages.open('a').length, again.messages.stats().messages]).toEqual([1, 1]);
  });
});
