import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Engine } from '../../../src/engine/engine.js';
import type { StoredRecord } from '../../../src/engine/record-table.js';
import { RecordedPoll } from '../../channels/support/recorded-poll.js';
import { draft } from '../../contracts/message-log/log-under-test.js';
import { madeRegistry } from '../support/made-registry.js';

const OPERATOR = { asOperator: true } as const;

async function keysOf(engine: Engine, table: string): Promise<string[]> {
  const records: readonly StoredRecord[] = await engine.table(table).range({ limit: 10_000 });
  return records.map(({ key }) => key);
}

describe('The registry', () => {
  it('registers a device at its first contact, and keeps it over a restart', async () => {
    const { registry, restart, fleet } = await madeRegistry();
    registry.asking('fan').contacted();
    expect(fleet.size).toBe(1);
    await setImmediate();
    const after = await restart();
    expect(await after.registry.get('fan')).toMatchObject({ attributes: {}, registeredBy: 'contact' });
    expect(after.fleet.find('fan')?.presence.state).toBe('expected');
  });

  it('remembers over a restart who was offline, when it was last heard of, and its patience', async () => {
    const { registry, restart, clock } = await madeRegistry();
    const seenAt = clock.now();
    registry.asking('fan').contacted();
    const pump = registry.asking('pump');
    for (let i = 0; i < 3; i++) {
      pump.pollOpened();
      pump.pollEnded(200);
    }
    clock.advance(200_000);
    pump.pollOpened();
    await setImmediate();
    const { fleet } = await restart();
    expect(fleet.find('fan')).toMatchObject({ presence: { state: 'offline' }, lastContactAt: seenAt });
    expect(fleet.find('pump')?.presence).toMatchObject({ state: 'expected', gap: { meanMs: expect.any(Number) } });
  });

  it('registers with attributes, and replaces them', async () => {
    const { registry } = await madeRegistry();
    expect(await registry.register('fan', { ...OPERATOR, attributes: { site: 'north' } })).toEqual({ isNew: true });
    const { registeredAt } = await registry.get('fan');
    expect(await registry.register('fan', { ...OPERATOR, attributes: { floor: 3 } })).toEqual({ isNew: false });
    expect(await registry.get('fan')).toMatchObject({
      attributes: { floor: 3 },
      registeredAt,
      registeredBy: 'request',
    });
  });

  it('changes attributes only of the revision that was named', async () => {
    const { registry } = await madeRegistry();
    await registry.register('fan', { ...OPERATOR, attributes: { a: 1 } });
    const { revision } = await registry.get('fan');
    await registry.register('fan', { ...OPERATOR, attributes: { a: 2 }, ifRevision: revision });
    const stale = registry.register('fan', { ...OPERATOR, attributes: { a: 3 }, ifRevision: revision });
    await expect(stale).rejects.toMatchObject({ code: 'revision_conflict' });
    expect((await registry.get('fan')).attributes).toEqual({ a: 2 });
  });

  it('takes all of many changes at once, one after the other', async () => {
    const { registry, engine } = await madeRegistry();
    await Promise.all([1, 2, 3].map((n) => registry.register('fan', { ...OPERATOR, attributes: { n } })));
    const { attributes } = await registry.get('fan');
    expect(await keysOf(engine, 'device-attributes')).toEqual([`n=${attributes.n}/fan`]);
  });

  it('leaves no device behind when its registration is refused', async () => {
    const { registry, fleet } = await madeRegistry();
    const refused = registry.register('fan', { ...OPERATOR, attributes: { a: 1 }, ifRevision: 99 });
    await expect(refused).rejects.toMatchObject({ code: 'revision_conflict' });
    expect(fleet.size).toBe(0);
    await expect(registry.get('fan')).rejects.toMatchObject({ code: 'device_not_found' });
  });

  it('registers again at the next contact when the engine could not keep the first one', async () => {
    const made = await madeRegistry();
    const commit = made.engine.commit.bind(made.engine);
    made.engine.commit = () => Promise.reject(new Error('away'));
    made.registry.asking('fan').contacted();
    await setImmediate();
    expect([made.fleet.size, made.faults.length]).toEqual([0, 2]);
    made.engine.commit = commit;
    made.registry.asking('fan').contacted();
    await setImmediate();
    expect(await made.registry.get('fan')).toMatchObject({ id: 'fan' });
  });
});

describe('A closed registry', () => {
  it('serves those who are registered, and tells others how to become it', async () => {
    const { registry } = await madeRegistry({ registration: 'closed' });
    await registry.register('fan', { ...OPERATOR, attributes: {} });
    expect(registry.asking('fan').id).toBe('fan');
    expect(() => registry.asking('pump')).toThrow(/"pump" is not registered, and devices\.registration is closed/);
    expect(registry.polling('pump')).toBeUndefined();
    registry.checkReceiver('fan');
    expect(() => registry.checkReceiver('pump')).toThrow(/"pump" is not registered/);
  });

  it('lets a registered device change its attributes, and no other register itself', async () => {
    const { registry } = await madeRegistry({ registration: 'closed' });
    await registry.register('fan', { ...OPERATOR, attributes: {} });
    await registry.register('fan', { asOperator: false, attributes: { a: 1 } });
    const stranger = registry.register('pump', { asOperator: false, attributes: {} });
    await expect(stranger).rejects.toMatchObject({ code: 'device_not_found' });
  });
});

describe('A deleted device', () => {
  it('is gone with its records, its channels and its open polls', async () => {
    const made = await madeRegistry();
    const { registry, channels, engine, fleet } = made;
    await registry.register('fan', { ...OPERATOR, attributes: { site: 'north' } });
    registry.asking('fan').contacted();
    await channels.open('devices/fan/events/tick').publish(draft('1'));
    await channels.open('devices/fan-2/events/tick').publish(draft('1'));
    const poll = new RecordedPoll();
    channels.open('devices/fan/commands').poll(0, poll);
    await registry.delete('fan');
    expect(poll.answers).toEqual(['ended: gone']);
    expect(fleet.find('fan')).toBeUndefined();
    expect(channels.list({ limit: 10 }).map(({ key }) => key)).toEqual(['devices/fan-2/events/tick']);
    for (const table of ['devices', 'device-attributes', 'device-presence', 'device-deletions']) {
      expect([table, await keysOf(engine, table)]).toEqual([table, []]);
    }
    await expect(registry.delete('fan')).rejects.toMatchObject({ code: 'device_not_found' });
    expect((await made.restart()).fleet.size).toBe(0);
  });

  it('is refused while it is being deleted, and may come back afterwards', async () => {
    const { registry } = await madeRegistry();
    registry.asking('fan');
    await setImmediate();
    let goOn = () => {};
    registry.deletion.alsoDrop(() => new Promise((resolve) => (goOn = resolve)));
    const deleted = registry.delete('fan');
    await setImmediate();
    expect(() => registry.asking('fan')).toThrow(/"fan" is being deleted/);
    expect(registry.polling('fan')).toBeUndefined();
    expect(() => registry.checkReceiver('fan')).toThrow(/"fan" is being deleted/);
    await expect(registry.register('fan', { ...OPERATOR, attributes: {} })).rejects.toMatchObject({
      code: 'device_gone',
    });
    goOn();
    await deleted;
    expect(registry.asking('fan').presence.state).toBe('offline');
  });

  it.each(['before its channels went', 'before the last commit'])(
    'does not come back when the hub is killed %s',
    async (when) => {
      const { registry, channels, engine, restart } = await madeRegistry();
      await registry.register('fan', { ...OPERATOR, attributes: { site: 'north' } });
      await channels.open('devices/fan/events/tick').publish(draft('1'));
      let isAway = false;
      const commit = engine.commit.bind(engine);
      engine.commit = (changes) => (isAway ? Promise.reject(new Error('killed')) : commit(changes));
      const { remove } = engine.messages;
      if (when === 'before its channels went') engine.messages.remove = () => {};
      registry.deletion.alsoDrop(async () => {
        isAway = true;
      });
      await expect(registry.delete('fan')).rejects.toThrow('killed');
      engine.messages.remove = remove;
      isAway = false;
      const after = await restart();
      expect(after.fleet.size).toBe(0);
      expect(await keysOf(engine, 'device-deletions')).toEqual([]);
      expect(engine.messages.open('devices/fan/events/tick').length).toBe(0);
    },
  );

  it('is still there when the engine refuses the deletion', async () => {
    const { registry, engine, fleet } = await madeRegistry();
    await registry.register('fan', { ...OPERATOR, attributes: {} });
    const commit = engine.commit.bind(engine);
    engine.commit = () => Promise.reject(new Error('away'));
    await expect(registry.delete('fan')).rejects.toThrow('away');
    engine.commit = commit;
    expect(fleet.find('fan')?.presence.state).toBe('expected');
    expect(await registry.get('fan')).toMatchObject({ id: 'fan' });
    await registry.delete('fan');
    expect(fleet.size).toBe(0);
  });
});
