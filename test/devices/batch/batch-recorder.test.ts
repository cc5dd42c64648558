import { describe, expect, it } from '@jest/globals';
import { EVENT_ID_TABLE, EventIds } from '../../../src/devices/batch/event-ids.js';
import type { StoredMessage } from '../../../src/engine/message-log.js';
import { bodiesIn, wideSetting } from '../../contracts/message-log/log-under-test.js';
import { closeEngine, emptyFolder, openAfterCrash, openEngine } from '../../engine/lmdb/support/lmdb-under-test.js';
import { madeRegistry, type RegistryUnderTest } from '../support/made-registry.js';

const MINUTE = 60_000;

function eventsOf(made: RegistryUnderTest, type: string, device = 'fan'): string[] {
  const messages = made.channels.open(`devices/${device}/events/${type}`).log.read(0, 1_000);
  return (messages as readonly StoredMessage[]).map(({ body }) => body.toString());
}

async function idsKept({ engine }: RegistryUnderTest): Promise<number> {
  return (await engine.table(EVENT_ID_TABLE).range({ limit: 10_000 })).length;
}

const lines = (...events: object[]) => Buffer.from(events.map((event) => JSON.stringify(event)).join('\n'));
const tick = (n: number, id?: string) => ({ id, type: 'tick', data: n });

describe('The events of a batch', () => {
  it('are stored in order, each on the channel of its type, and are a contact of the device', async () => {
    const made = await madeRegistry();
    const { batches: recorder } = made.parts;
    const outcome = await recorder.record('fan', lines(tick(1), { type: 'tock', data: { a: 'ä' } }, tick(2)));
    expect(outcome).toEqual([expect.any(Number), expect.any(Number), expect.any(Number)]);
    expect([eventsOf(made, 'tick'), eventsOf(made, 'tock')]).toEqual([['1', '2'], ['{"a":"ä"}']]);
    expect(made.fleet.find('fan')?.presence.state).toBe('expected');
  });

  it('go out to whoever waits for them', async () => {
    const made = await madeRegistry();
    const told: string[] = [];
    made.channels.watch('devices/+/events/tick').subscribe(({ message }) => told.push(message.body.toString()));
    await made.parts.batches.record('fan', lines(tick(1), tick(2)));
    expect(told).toEqual(['1', '2']);
  });

  it('are all refused when one of them is', async () => {
    const made = await madeRegistry();
    const refused = made.parts.batches.record('fan', lines(tick(1, 'a'), { type: 'a b' }));
    await expect(refused).rejects.toMatchObject({ code: 'invalid_event_type' });
    expect(eventsOf(made, 'tick')).toEqual([]);
    expect(await idsKept(made)).toBe(0);
  });

  it('are all refused when the engine has no room for one of them', async () => {
    const made = await madeRegistry();
    const commit = made.engine.commit.bind(made.engine);
    made.engine.commit = (changes) =>
      (changes.messages?.length ?? 0) > 1 ? Promise.reject(new Error('full')) : commit(changes);
    const { batches: recorder } = made.parts;
    await expect(recorder.record('fan', lines(tick(1, 'a'), tick(2, 'b')))).rejects.toThrow('full');
    expect(await recorder.record('fan', lines(tick(1, 'a')))).toEqual([expect.any(Number)]);
  });

  it('are stored once by their ids: within a batch, in a later one, at the same time, and after a restart', async () => {
    const made = await madeRegistry();
    const { batches: recorder } = made.parts;
    const position = expect.any(Number);
    expect(await recorder.record('fan', lines(tick(1, 'a'), tick(2, 'a'), tick(3)))).toEqual([
      position,
      null,
      position,
    ]);
    expect(await recorder.record('fan', lines(tick(4, 'a')))).toEqual([null]);
    const both = await Promise.all([
      recorder.record('fan', lines(tick(5, 'b'))),
      recorder.record('fan', lines(tick(6, 'b'), tick(7, 'c'))),
    ]);
    expect(both.flat().filter((stored) => stored === null)).toHaveLength(1);
    const after = await made.restart();
    expect(await after.parts.batches.record('fan', lines(tick(8, 'c')))).toEqual([null]);
    expect(eventsOf(after, 'tick')).toHaveLength(4);
  });

  it('are stored once over a restart on disk, and after a crash', async () => {
    const setting = wideSetting();
    const folder = emptyFolder();
    const first = await openEngine(setting, folder);
    const made = await madeRegistry({ engine: first, clock: setting.clock });
    const batch = lines(tick(1, 'a'), tick(2, 'b'));
    await made.parts.batches.record('fan', batch);
    const crashed = await openAfterCrash(setting, folder);
    await closeEngine(first);
    for (const engine of [crashed, await openEngine(setting, folder)]) {
      const after = await madeRegistry({ engine, clock: setting.clock });
      expect(await after.parts.batches.record('fan', batch)).toEqual([null, null]);
      const outcome = await after.parts.batches.record('fan', lines(tick(2, 'b'), tick(3, 'c')));
      expect(outcome).toEqual([null, expect.any(Number)]);
      expect(await bodiesIn(engine.messages, 'devices/fan/events/tick')).toEqual(['1', '2', '3']);
    }
  });

  it('of two devices may have the same id', async () => {
    const made = await madeRegistry();
    const { batches: recorder } = made.parts;
    await recorder.record('fan', lines(tick(1, 'a')));
    expect(await recorder.record('fan-2', lines(tick(1, 'a')))).toEqual([expect.any(Number)]);
  });
});

describe('The ids of events', () => {
  it.each([
    ['as time passes', 0],
    ['also when the clock is set back a minute', -MINUTE],
    ['also when the clock is set forth a minute', MINUTE],
  ])('are remembered for ten minutes, and then forgotten without a trace, %s', async (_, setBy) => {
    const made = await madeRegistry();
    const { batches: recorder } = made.parts;
    await recorder.record('fan', lines(tick(1, 'a')));
    made.clock.setWall(made.clock.now() + setBy);
    made.clock.advance(8 * MINUTE);
    expect(await recorder.record('fan', lines(tick(1, 'a')))).toEqual([null]);
    made.clock.advance(2 * MINUTE + Math.max(-setBy, 0));
    expect(await recorder.record('fan', lines(tick(1, 'a')))).toEqual([expect.any(Number)]);
    made.clock.advance(31 * MINUTE);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await idsKept(made)).toBe(0);
    expect(made.faults).toEqual([]);
  });

  it('that a clock which was set far forth left ahead are purged', async () => {
    const made = await madeRegistry();
    const recorder = made.parts.batches;
    const ids = new EventIds(made.engine, made.clock, () => {});
    const now = made.clock.now();
    made.clock.setWall(now + 1_000 * MINUTE);
    await recorder.record('fan', lines(tick(1, 'a')));
    made.clock.setWall(now);
    await ids.purge();
    expect(await idsKept(made)).toBe(0);
  });

  it('go with their device, and with no other', async () => {
    const made = await madeRegistry();
    const recorder = made.parts.batches;
    for (const device of ['fan', 'fan-2', 'fan0']) await recorder.record(device, lines(tick(1, 'a')));
    await made.registry.delete('fan');
    expect(await idsKept(made)).toBe(2);
    expect(await recorder.record('fan', lines(tick(2, 'a')))).toEqual([expect.any(Number)]);
  });
});
