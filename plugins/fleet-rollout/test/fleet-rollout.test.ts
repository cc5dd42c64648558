import { afterEach, describe, expect, it } from '@jest/globals';
import { type TestHub, testHub } from 'signalbox/testing';
import FleetRolloutModule from '../index.js';
import { wavesOf } from '../rollout.js';

const FANS = Array.from({ length: 10 }, (_, i) => `fan-${i}`);
const CONFIG = { waves: [10, 50, 100], maxFailedPercent: 20, waveMinutes: 5, pauseMinutes: 1, rate: '100/s' };

let hub: TestHub;
afterEach(() => hub?.close());

async function begin(
  statuses: Readonly<Record<string, number>> = {},
  devices: readonly string[] = FANS,
): Promise<void> {
  hub = await testHub(FleetRolloutModule, { config: CONFIG });
  for (const id of devices) hub.device(id).answer('firmware.update', () => ({ status: statuses[id] ?? 200 }));
  await hub.emit('devices/r7/events/rollout', { devices, params: { version: 7 } });
  await hub.advance('10s');
}

/** The devices that were sent it so far, in that order. */
const sent = () => hub.commands().map(({ device }) => device);
const progress = () =>
  hub.messages('rollouts/r7').map(({ data }) => {
    const { state, wave, ends } = data as { state: string; wave: number; ends: Record<string, number> };
    return `${state} ${wave}: ${ends.succeeded} ${ends.failed} ${ends.missed}`;
  });
const last = () => hub.messages('rollouts/r7').at(-1)?.data;

describe('A rollout', () => {
  it('goes wave by wave, with a pause after each that went well, until all have it', async () => {
    await begin();
    expect(sent()).toEqual(['fan-0']);
    expect(hub.device('fan-0').commands()).toMatchObject([{ params: { version: 7 }, ack: 'result' }]);
    await hub.advance('45s');
    expect(sent()).toHaveLength(1);
    await hub.advance('30s');
    expect(sent()).toEqual(FANS.slice(0, 5));
    await hub.advance('90s');
    expect(sent()).toEqual(FANS);
    expect(progress()).toEqual([
      ...['running 1: 0 0 0', 'running 1: 1 0 0', 'running 2: 0 0 0', 'running 2: 4 0 0'],
      ...['running 3: 0 0 0', 'done 3: 5 0 0'],
    ]);
    expect(await hub.timers()).toEqual([]);
  });

  it('stops at a wave in which too many fail, and no other device is sent it', async () => {
    await begin({ 'fan-3': 500 });
    await hub.advance('90s');
    expect(last()).toMatchObject({ state: 'stopped', wave: 2, reason: '1 of 4 devices failed, and 0 may' });
    await hub.advance('10m');
    expect(sent()).toEqual(FANS.slice(0, 5));
    expect(await hub.timers()).toEqual([]);
  });

  it('goes on when no more fail than may', async () => {
    await begin({ 'fan-7': 500 });
    await hub.advance('3m');
    expect(last()).toMatchObject({ state: 'done', ends: { succeeded: 4, failed: 1, missed: 0 } });
  });

  it('stops when a device takes the command and says nothing of it', async () => {
    hub = await testHub(FleetRolloutModule, { config: CONFIG });
    hub.device('fan-0');
    await hub.emit('devices/r7/events/rollout', { devices: ['fan-0', 'fan-1'] });
    await hub.advance('8m');
    expect(last()).toMatchObject({ state: 'stopped', reason: '1 of 1 devices failed, and 0 may', ends: { failed: 1 } });
    expect(sent()).toEqual(['fan-0']);
  });

  it('takes a device that nobody could send it for one that failed', async () => {
    hub = await testHub(FleetRolloutModule, { config: CONFIG, hub: { devices: { command_buffer_length: 1 } } });
    for (const rollout of ['r6', 'r7']) {
      await hub.emit(`devices/${rollout}/events/rollout`, { devices: ['away'] });
      await hub.advance('10s');
    }
    expect(sent()).toEqual(['away']);
    await hub.advance('8m');
    expect(last()).toMatchObject({ state: 'stopped', ends: { failed: 1 } });
  });

  it('does not go on from a wave that reached nobody', async () => {
    hub = await testHub(FleetRolloutModule, { config: CONFIG });
    await hub.emit('devices/r7/events/rollout', { devices: ['away', 'fan-1'] });
    await hub.advance('8m');
    expect(last()).toMatchObject({ state: 'stopped', reason: 'none of 1 devices has done it', ends: { missed: 1 } });
  });

  it('goes on after a restart where it was, and counts an end that is told twice once', async () => {
    await begin();
    await hub.restart({ downFor: '1m' });
    hub.device('fan-2').duplicateNext();
    await hub.advance('3m');
    expect(sent()).toEqual(FANS);
    expect(last()).toMatchObject({ state: 'done', ends: { succeeded: 5 } });
  });

  it('is stopped by hand, and its job takes back what waits', async () => {
    hub = await testHub(FleetRolloutModule, { config: CONFIG });
    await hub.emit('devices/r7/events/rollout', { devices: ['away', 'fan-1'] });
    await hub.advance('10s');
    await hub.emit('devices/r7/events/rollout-stop');
    expect(last()).toMatchObject({ state: 'stopped', reason: 'somebody stopped it' });
    await hub.advance('10m');
    expect(sent()).toEqual(['away']);
    expect(hub.outcomes('away')).toMatchObject([{ state: 'CANCELED', cause: 'canceled' }]);
  });

  it('begins once while it is under way, and anew when it is over', async () => {
    await begin();
    await hub.emit('devices/r7/events/rollout', { devices: ['other'] });
    await hub.advance('3m');
    expect(sent()).toEqual(FANS);
    hub.device('fan-0').answer('firmware.update', () => ({ status: 200 }));
    await hub.emit('devices/r7/events/rollout', { devices: ['fan-0'] });
    await hub.advance('10s');
    expect(last()).toMatchObject({ state: 'done', waves: 1 });
  });

  it('of a large fleet keeps its devices in parts', async () => {
    hub = await testHub(FleetRolloutModule, { config: { ...CONFIG, waves: [0.1] } });
    const devices = Array.from({ length: 1_000 }, (_, i) => `fan-${i}`);
    await hub.emit('devices/r7/events/rollout', { devices });
    const kept = Object.keys(await hub.state('r7'));
    expect(kept.sort()).toEqual(['rollout', 'wave/2/0000', 'wave/2/0001', 'wave/2/0002']);
  });

  it('is refused an order that is none', async () => {
    hub = await testHub(FleetRolloutModule, { config: CONFIG, failures: 'keep' });
    await hub.emit('devices/r7/events/rollout', { devices: [] });
    expect(sent()).toEqual([]);
    await expect(testHub(FleetRolloutModule, { config: { waves: [] } })).rejects.toThrow('1 to 20 percentages');
  });
});

describe('Waves', () => {
  it('have every device once, in its order, and none is empty', () => {
    expect(wavesOf(['a', 'b', 'a', 'c', 'd'], [1, 50])).toEqual([['a'], ['b'], ['c', 'd']]);
    expect(wavesOf(['a'], [1, 10, 100])).toEqual([['a']]);
    expect(wavesOf(['a', 'b'], [100, 50])).toEqual([['a'], ['b']]);
  });
});
