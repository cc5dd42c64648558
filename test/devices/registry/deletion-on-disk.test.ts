import { describe, expect, it } from '@jest/globals';
import type { Commands } from '../../../src/commands/commands.js';
import type { LmdbEngine } from '../../../src/engine/lmdb/lmdb-engine.js';
import { madeCommands } from '../../commands/support/made-commands.js';
import { draft, type LogSetting, wideSetting } from '../../contracts/message-log/log-under-test.js';
import { closeEngine, copyOf, emptyFolder, FaultyDisk, openEngine } from '../../engine/lmdb/support/lmdb-under-test.js';
import { type MadeRegistryOptions, madeRegistry, type RegistryUnderTest } from '../support/made-registry.js';

/** All that the rooms keep under a device's name, in memory and on disk. */
const TABLES = [
  ...['devices', 'device-attributes', 'device-presence', 'device-deletions', 'device-desired', 'device-reported'],
  ...['event-ids', 'command-live', 'command-ended', 'command-heads', 'command-keys', 'command-wakes'],
  'command-expiries',
];
/** More than one page of channels. */
const MANY = 1_100;

/** A registry and commands over an engine, as the hub starts with them. */
async function startOver(engine: LmdbEngine, { clock }: LogSetting) {
  let commands: Commands | undefined;
  const alsoDrop: MadeRegistryOptions['alsoDrop'] = (used, channels) => {
    const made = madeCommands(used, channels);
    commands = made;
    return (device) => made.drop(device);
  };
  const made = await madeRegistry({ engine, clock, alsoDrop });
  return { ...made, commands: commands as unknown as Commands };
}

/** A device with something in every room. */
async function lives(device: string, { registry, channels, parts, commands }: Awaited<ReturnType<typeof startOver>>) {
  await registry.register(device, { asOperator: true, attributes: { site: 'north' } });
  const { version } = await parts.desired.put(device, { on: true });
  await parts.desired.report(device, version);
  await parts.batches.record(device, Buffer.from('{"id":"1","type":"tick"}'));
  await commands.send(device, 'fan.set', {});
  const canceled = await commands.send(device, 'fan.set', {});
  await commands.cancel(device, canceled.command.id);
  await channels.open(`devices/${device}/outcomes`).publish(draft('1'));
}

/** Keys and channels under the name of a device. */
async function leftOf(device: string, { engine }: RegistryUnderTest): Promise<string[]> {
  const range = { group: '', prefix: `devices/${device}/`, limit: 10_000 };
  const left = [...engine.messages.channels(range)];
  for (const table of TABLES) {
    const records = await engine.table(table).range({ limit: 10_000 });
    const names = records.map(({ key }) => `${table}: ${key}`);
    left.push(...names.filter((name) => name.split(/[ /]/).includes(device)));
  }
  return left;
}

describe('A device that is deleted with the engine lmdb', () => {
  it('goes with the channels that are on disk and not open, however many, and no other device does', async () => {
    const setting = wideSetting();
    const folder = emptyFolder();
    const first = await openEngine(setting, folder);
    const before = await startOver(first, setting);
    await lives('fan', before);
    await lives('fan-2', before);
    await Promise.all(
      Array.from({ length: MANY }, (_, i) => before.channels.open(`devices/fan/events/t${i}`).publish(draft('1'))),
    );
    before.parts.close();
    await closeEngine(first);

    const engine = await openEngine(setting, folder);
    const hub = await startOver(engine, setting);
    const others = await leftOf('fan-2', hub);
    expect((await leftOf('fan', hub)).length).toBeGreaterThan(MANY);
    expect(engine.stats().openChannels).toBe(0);
    await hub.registry.delete('fan');
    expect(await leftOf('fan', hub)).toEqual([]);
    expect(await leftOf('fan-2', hub)).toEqual(others);
    await closeEngine(engine);

    const again = await openEngine(setting, folder);
    expect(await leftOf('fan', await startOver(again, setting))).toEqual([]);
    expect(again.messages.stats()).toMatchObject({ channels: countOfChannels(others), messages: expect.any(Number) });
  });

  it('is there whole or not at all after a crash at any commit, and nothing of it comes back', async () => {
    const setting = wideSetting();
    const folder = emptyFolder();
    // The first engine says in the file what made it.
    await closeEngine(await openEngine(setting, folder));
    const disk = new FaultyDisk();
    const engine = await disk.open(setting, folder);
    const hub = await startOver(engine, setting);
    await lives('fan', hub);
    const whole = await leftOf('fan', hub);
    const crashes: string[] = [copyOf(folder)];
    disk.committed = () => crashes.push(copyOf(folder));
    await hub.registry.delete('fan');
    disk.committed = () => {};
    expect(crashes.length).toBeGreaterThan(3);

    const outcomes: number[] = [];
    for (const crash of crashes) {
      const left = await leftAfterStart(crash, setting);
      outcomes.push(left);
      expect(await leftAfterStart(crash, setting)).toBe(left);
    }
    expect(outcomes).toEqual([whole.length, ...crashes.slice(1).map(() => 0)]);
  });
});

function countOfChannels(left: readonly string[]): number {
  return left.filter((name) => name.startsWith('devices/')).length;
}

/** What a hub has of the device once it has started over what a crash left. */
async function leftAfterStart(folder: string, setting: LogSetting): Promise<number> {
  const engine = await openEngine(setting, folder);
  const hub = await startOver(engine, setting);
  const left = await leftOf('fan', hub);
  hub.parts.close();
  await closeEngine(engine);
  return left.length;
}
