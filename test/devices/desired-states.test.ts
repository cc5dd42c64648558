import { describe, expect, it } from '@jest/globals';
import { wideSetting } from '../contracts/message-log/log-under-test.js';
import { openEngine } from '../engine/lmdb/support/lmdb-under-test.js';
import { madeRegistry } from './support/made-registry.js';

async function made() {
  const parts = await madeRegistry();
  await parts.registry.register('fan', { asOperator: true, attributes: {} });
  return { ...parts, states: parts.parts.desired };
}

describe('The desired state of a device', () => {
  it('is kept with a version that rises, and told on its channel', async () => {
    const { states, channels, clock } = await made();
    expect(await states.get('fan')).toBeUndefined();
    const first = await states.put('fan', { on: true });
    const second = await states.put('fan', { on: false });
    expect(second.version).toBeGreaterThan(first.version);
    expect(await states.get('fan')).toEqual({
      version: second.version,
      document: { on: false },
      updatedAt: clock.now(),
      reported: undefined,
    });
    const kept = await channels.open('devices/fan/desired').log.read(0, 10);
    expect(kept.map(({ body }) => body.toString())).toEqual(['{"on":false}']);
  });

  it('is changed only where it has the version that was named', async () => {
    const { states } = await made();
    const { version } = await states.put('fan', { n: 1 }, { ifVersion: 0 });
    await expect(states.put('fan', { n: 2 }, { ifVersion: 0 })).rejects.toThrow(
      `The desired state of "fan" has version ${version}; the change was only to make a first one.`,
    );
    await states.put('fan', { n: 2 }, { ifVersion: version });
    await expect(states.put('fan', { n: 3 }, { ifVersion: version })).rejects.toMatchObject({
      code: 'version_conflict',
    });
    expect(await states.get('fan')).toMatchObject({ document: { n: 2 } });
  });

  it('knows how far the device is, and takes no step back', async () => {
    const { states, clock } = await made();
    const { version: first } = await states.put('fan', { n: 1 });
    const { version: second } = await states.put('fan', { n: 2 });
    await states.report('fan', second);
    await states.report('fan', first);
    expect((await states.get('fan'))?.reported).toEqual({ version: second, at: clock.now() });
    await expect(states.report('fan', second + 1)).rejects.toThrow(`the newest is ${second}`);
  });

  it('is a JSON object of bounded size, of a device that is registered', async () => {
    const { states } = await made();
    await expect(states.put('fan', [1])).rejects.toThrow('must be a JSON object');
    await expect(states.put('fan', { a: 'x'.repeat(65_536) })).rejects.toThrow('65536 are allowed');
    await expect(states.put('pump', {})).rejects.toMatchObject({ code: 'device_not_found' });
    await expect(states.report('fan', 1)).rejects.toThrow('it has none');
  });

  it('goes with its device, and a new one of that name has a higher version', async () => {
    const { states, registry, engine } = await made();
    const { version } = await states.put('fan', { n: 1 });
    await states.report('fan', version);
    await registry.delete('fan');
    expect(await states.get('fan')).toBeUndefined();
    expect(await engine.table('device-reported').range({ limit: 1 })).toEqual([]);
    await registry.register('fan', { asOperator: true, attributes: {} });
    expect((await states.put('fan', { n: 1 })).version).toBeGreaterThan(version);
  });

  it('is seen by nobody before it is on disk', async () => {
    const engine = await openEngine(wideSetting());
    const commit = engine.commit.bind(engine);
    const order: string[] = [];
    let seen: Promise<unknown> = Promise.resolve();
    const { registry, parts } = await madeRegistry({ engine });
    await registry.register('fan', { asOperator: true, attributes: {} });
    engine.commit = (changes) => {
      const committed = commit(changes).then((done) => {
        order.push('committed');
        return done;
      });
      queueMicrotask(() => {
        seen = parts.desired.get('fan').then((state) => order.push(JSON.stringify(state?.document)));
      });
      return committed;
    };
    await parts.desired.put('fan', { n: 1 });
    await seen;
    expect(order).toEqual(['committed', '{"n":1}']);
  });
});
