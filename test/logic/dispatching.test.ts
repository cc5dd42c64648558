import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { publish } from '../channels/support/made-channels.js';
import { eventually } from '../support/eventually.js';
import { script } from './plugins/scripted/index.js';
import { startLogic, stopLogic } from './support/started-logic.js';

afterEach(stopLogic);

/** Handlers that end when the test says so, by device. */
function heldHandlers() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  script.handle = ({ device, data }) => {
    begun.push(`${device} ${data.value}`);
    return new Promise<void>((resolve) => ends.set(device, resolve));
  };
  return { begun, end: (device: string) => ends.get(device)?.() };
}

describe('Events of one device', () => {
  it('are read one after the other in their order, those of others meanwhile', async () => {
    const logic = await startLogic();
    const { begun, end } = heldHandlers();
    for (const value of [1, 2, 3]) logic.post('a', 'reading', { value });
    logic.post('b', 'reading', { value: 1 });
    await eventually('both have begun', () => begun.length === 2);
    expect(begun).toEqual(['a 1', 'b 1']);
    end('a');
    await eventually('the next has begun', () => begun.length === 3);
    end('a');
    await eventually('the last has begun', () => begun.length === 4);
    expect(begun).toEqual(['a 1', 'b 1', 'a 2', 'a 3']);
  });

  it('keep their order over a thousand events whose handlers end in any order', async () => {
    const logic = await startLogic();
    const read = new Map<string, number[]>();
    script.handle = async ({ device, data }) => {
      for (let i = 0; i < (data.value * 7) % 5; i++) await setImmediate();
      read.set(device, [...(read.get(device) ?? []), data.value]);
    };
    for (let value = 0; value < 50; value++) {
      for (let device = 0; device < 20; device++) logic.post(`d${device}`, 'reading', { value });
    }
    await logic.idle();
    const inOrder = Array.from({ length: 50 }, (_, i) => i);
    expect([...read.values()]).toEqual(Array.from({ length: 20 }, () => inOrder));
  });
});

describe('The dispatcher', () => {
  it('has a bounded number of turns open', async () => {
    const logic = await startLogic({ limits: { concurrency: 2 } });
    const { begun, end } = heldHandlers();
    for (const device of ['a', 'b', 'c']) logic.post(device, 'reading', { value: 1 });
    await eventually('two have begun', () => begun.length === 2);
    await setImmediate();
    expect(logic.status()).toMatchObject({ openTurns: 2, queued: 1 });
    end('b');
    await eventually('the third has begun', () => begun.length === 3);
    expect(begun).toEqual(['a 1', 'b 1', 'c 1']);
  });

  it('drops events that find the queue full, counts them and says so once', async () => {
    const logic = await startLogic({ limits: { maxQueuedEvents: 3 } });
    const read: number[] = [];
    script.handle = ({ data }) => read.push(data.value);
    for (let value = 0; value < 10; value++) logic.post('a', 'reading', { value });
    await logic.idle();
    expect(read).toEqual([0, 1, 2]);
    expect(logic.status().counters).toMatchObject({ events: 10, turns: 3, dropped: 7 });
    expect(logic.log.at('warn')).toHaveLength(1);
    expect(logic.log.at('warn')[0]?.sentence).toMatch(
      /^An event for scripted\.handle was dropped: 3 events with 33 bytes wait for the plugin, which may have 3 events/,
    );
  });

  it('drops events whose payloads would be too many bytes', async () => {
    const logic = await startLogic({ limits: { maxQueuedBytes: 25 } });
    for (let value = 0; value < 3; value++) logic.post('a', 'reading', { value });
    await logic.idle();
    expect(logic.status().counters).toMatchObject({ turns: 2, dropped: 1 });
  });

  it('leaves the event loop its turn when a plugin answers itself without end', async () => {
    const logic = await startLogic();
    script.handle = ({ channel, data }, turn) => turn.publish(channel, { value: data.value + 1 });
    logic.post('a', 'reading', { value: 0 });
    await eventually('it has answered itself a hundred times', () => logic.status().counters.turns >= 100);
    await logic.logic.stop(0);
    expect(logic.status().state).toBe('stopped');
  });

  it('fails a plugin whose handlers do not end, so that they do not fill the memory', async () => {
    const logic = await startLogic({ limits: { maxAbandonedTurns: 2 } });
    script.handle = () => new Promise(() => {});
    for (const device of ['a', 'b', 'c', 'd']) logic.post(device, 'reading', { value: 1 });
    await eventually('the turns are open', () => logic.status().openTurns === 4);
    logic.clock.advance(12_000);
    expect(logic.status()).toMatchObject({
      state: 'failed',
      reason: '3 turns of scripted.handle were given up and have never ended.',
      openTurns: 0,
    });
    logic.post('e', 'reading', { value: 1 });
    expect(logic.status().counters.events).toBe(4);
  });

  it('brings no messages that are no events, and none of the hub itself unless a pattern names them', async () => {
    const logic = await startLogic({ plugins: { patterns: {} } });
    const { seen } = await import('./plugins/patterns/index.js');
    seen.length = 0;
    const channels = [
      'devices/a/events/x',
      'devices/a/events/$presence',
      'devices/a/commands',
      'devices/a b/events/x',
      'devices/a/events/x/y',
    ];
    for (const channel of channels) publish(logic.channels, channel, '1');
    await logic.idle('patterns');
    expect(seen).toEqual(['all a x', 'presence a $presence']);
    expect(logic.status('patterns').patterns).toEqual(['devices/#', 'devices/+/events/$presence']);
  });
});
