import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DELETIONS, STATE } from '../../../src/logic/store/tables.js';
import { eventually } from '../../support/eventually.js';
import { startTestHub } from '../../support/start-hub.js';
import { script } from '../plugins/scripted/index.js';
import { type LogicUnderTest, PLUGIN_FOLDER, startLogic, stopLogic } from '../support/started-logic.js';

afterEach(stopLogic);

/** Keeps something under the device's id, and a timer for it. */
function keepForDevice(): void {
  script.handle = ({ device, data }, turn) => {
    turn.state.for(device).set(`value-${data.value}`, data.value);
    turn.timers.set('tick', '1h');
  };
}

/** A hub in which the device `gone`, and `gone-2` beside it, are kept something of. */
async function withTwoDevices(): Promise<LogicUnderTest> {
  const logic = await startLogic();
  keepForDevice();
  for (const device of ['gone', 'gone-2']) for (const value of [1, 2]) logic.post(device, 'reading', { value });
  await logic.idle();
  return logic;
}

const keptOf = (logic: LogicUnderTest, device: string) =>
  logic.keptKeys().filter((key) => key.split('/').includes(device));
const pending = ({ engine }: LogicUnderTest) =>
  engine.kept
    .table(DELETIONS)
    .range({ limit: 10 })
    .map(({ key }) => key);

/** Lets the hub look whether plugins have come further. */
async function oneSecond(logic: LogicUnderTest): Promise<void> {
  logic.clock.advance(1_000);
  for (let i = 0; i < 20; i++) await setImmediate();
}

describe('What a plugin keeps under the id of a device', () => {
  it('goes with the device, and that of others stays', async () => {
    const logic = await withTwoDevices();
    const other = keptOf(logic, 'gone-2');
    expect(other).toHaveLength(4);
    await logic.logic.deleteDevice('gone');
    expect(logic.keptKeys()).toEqual(other);
    await oneSecond(logic);
    expect(pending(logic)).toEqual([]);
    const calls: string[] = [];
    script.ring = ({ key }) => calls.push(key);
    logic.clock.advance(3_600_000);
    await logic.idle();
    expect(calls).toEqual(['gone-2']);
  });

  it('goes with it from plugins that are switched off, and from their candidate versions', async () => {
    const logic = await withTwoDevices();
    const value = '1';
    for (const plugin of ['away', 'scripted@shadow']) {
      logic.engine.kept.commit({ records: [{ table: STATE, key: `${plugin}/k/gone/on`, value }] });
    }
    await logic.logic.deleteDevice('gone');
    expect(keptOf(logic, 'gone')).toEqual([]);
  });

  it('is deleted a bounded number of records a commit', async () => {
    const logic = await startLogic();
    const records = Array.from({ length: 1_200 }, (_, i) => ({
      table: STATE,
      key: `scripted/k/gone/entry-${i}`,
      value: '1',
    }));
    logic.engine.kept.commit({ records });
    const sizes: number[] = [];
    const commit = logic.engine.commit.bind(logic.engine);
    logic.engine.commit = (changes) => {
      sizes.push(changes.records.length);
      return commit(changes);
    };
    await logic.logic.deleteDevice('gone');
    expect(keptOf(logic, 'gone')).toEqual([]);
    expect(sizes).toEqual([500, 500, 200, 1]);
  });

  it('is counted out of what the plugin may keep', async () => {
    const logic = await startLogic();
    const big = 'x'.repeat(60_000);
    script.handle = ({ device }, turn) => {
      for (let i = 0; i < 250; i++) turn.state.for(device).set(`entry-${i}`, big);
    };
    for (const device of ['gone', 'next']) {
      logic.post(device, 'reading', { value: 1 });
      await logic.idle();
      expect(logic.status().deadLetters).toBe(0);
      await logic.logic.deleteDevice(device);
    }
    expect(logic.status().counters).toMatchObject({ turns: 2, failed: 0 });
  });
});

describe('A turn for an event from before its device was deleted', () => {
  /** Holds the event of another device open, so that the plugin is not done with what came before the deletion. */
  async function withOpenTurn(): Promise<{ logic: LogicUnderTest; end: () => void }> {
    const logic = await startLogic();
    let end = () => {};
    script.handle = ({ device }, turn) =>
      new Promise<void>((resolve) => {
        end = () => {
          turn.state.for(device).set('late', true);
          turn.timers.set('tick', '1h');
          resolve();
        };
      });
    logic.post('gone', 'reading', { value: 1 });
    await eventually('its turn is open', () => logic.status().openTurns === 1);
    await logic.logic.deleteDevice('gone');
    return { logic, end: () => end() };
  }

  it('keeps nothing of it either, once the plugin is done with it', async () => {
    const { logic, end } = await withOpenTurn();
    await oneSecond(logic);
    expect(pending(logic)).toEqual(['gone']);
    end();
    await logic.idle();
    expect(keptOf(logic, 'gone')).toHaveLength(3);
    // The mark is written, and then looked at.
    for (let i = 0; i < 2; i++) await oneSecond(logic);
    expect(keptOf(logic, 'gone')).toEqual([]);
    expect(pending(logic)).toEqual([]);
  });

  it('keeps what it likes when there is a device of that id again', async () => {
    const { logic, end } = await withOpenTurn();
    logic.registered.add('gone');
    end();
    await logic.idle();
    for (let i = 0; i < 2; i++) await oneSecond(logic);
    expect(keptOf(logic, 'gone')).toHaveLength(3);
    expect(pending(logic)).toEqual([]);
  });

  it('keeps nothing of it after a crash of the hub', async () => {
    const { logic: first } = await withOpenTurn();
    await first.crash();
    keepForDevice();
    const logic = await startLogic({ after: first });
    await logic.idle();
    for (let i = 0; i < 2; i++) await oneSecond(logic);
    expect(logic.status().counters.turns).toBe(1);
    expect(keptOf(logic, 'gone')).toEqual([]);
  });

  it('keeps nothing of it when the deletion ends at the start of the hub', async () => {
    const { logic: first } = await withOpenTurn();
    await first.crash();
    keepForDevice();
    const logic = await startLogic({ after: first, deleted: ['gone'] });
    await logic.idle();
    for (let i = 0; i < 2; i++) await oneSecond(logic);
    expect(keptOf(logic, 'gone')).toEqual([]);
    expect(pending(logic)).toEqual([]);
  });
});

it('A hub that is asked to delete a device has its plugins keep nothing of it', async () => {
  const hub = await startTestHub({ yaml: `plugins: { scripted: { from: '${PLUGIN_FOLDER}/scripted' } }` });
  try {
    keepForDevice();
    const kept: unknown[] = [];
    const post = (device: string, value: number) =>
      fetch(`${hub.url}/v1/devices/${device}/events/reading`, { method: 'POST', body: JSON.stringify({ value }) });
    await post('gone', 1);
    script.handle = async ({ device }, turn) => {
      kept.push(await turn.state.for(device).list());
    };
    await post('gone', 2);
    await eventually('it was read', () => kept.length === 1);
    expect((await fetch(`${hub.adminUrl}/admin/devices/gone`, { method: 'DELETE' })).status).toBe(204);
    await post('gone', 3);
    await eventually('it was read again', () => kept.length === 2);
    expect(kept).toEqual([[{ name: 'value-1', value: 1 }], []]);
  } finally {
    await hub.stop();
  }
});
