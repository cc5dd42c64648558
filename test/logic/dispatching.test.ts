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
    const logic = await startLogic();
    const { begun, end } = heldHandlers();
    const devices = Array.from({ length: 18 }, (_, i) => `d${i}`);
    for (const device of devices) logic.post(device, 'reading', { value: 1 });
    await eventually('sixteen have begun', () => begun.length === 16);
    await setImmediate();
    expect(logic.status()).toMatchObject({ openTurns: 16, queued: 2 });
    end('d7');
    await eventually('one more has begun', () => begun.length === 17);
    expect(begun).toEqual(devices.slice(0, 17).map((device) => `${device} 1`));
  });

  it('leaves events in the journal that find the queue full, and reads them there', async () => {
    const logic = await startLogic({ limits: { maxQueuedEvents: 3 } });
    const read: number[] = [];
    script.handle = ({ data }) => read.push(data.value);
    for (let value = 0; value < 1_000; value++) logic.post('a', 'reading', { value });
    expect(logic.status()).toMatchObject({ queued: 3, behind: 997 });
    await logic.idle();
    expect(read).toEqual(Array.from({ length: 1_000 }, (_, i) => i));
    expect(logic.status()).toMatchObject({ queued: 0, behind: 0, lagMs: 0, counters: { events: 1_000, lost: 0 } });
  });

  it('leaves those there whose payloads are too many bytes, one at least in hand', async () => {
    const logic = await startLogic({ limits: { maxQueuedBytes: 25 } });
    for (let value = 0; value < 5; value++) logic.post('a', 'reading', { value });
    expect(logic.status()).toMatchObject({ queued: 3, behind: 2 });
    await logic.idle();
    expect(logic.status().counters).toMatchObject({ turns: 5 });
  });

  it('breaks the loop of a plugin that answers itself without end, and says which turns they were', async () => {
    const logic = await startLogic();
    script.handle = ({ channel, data }, turn) => turn.publish(channel, { value: data.value + 1 });
    logic.post('a', 'reading', { value: 0 });
    await logic.idle();
    expect(logic.status()).toMatchObject({ deadLetters: 1, counters: { turns: 16, failed: 1, retries: 0 } });
    const [letter] = await logic.logic.deadLetters('scripted', '', 10);
    expect(letter).toMatchObject({ handler: 'scripted.handle', payload: '{"value":16}', attempts: 1 });
    expect(letter?.error).toMatch(/^scripted\.handle is turn 17 in a row that caused each other, and 16 are allowed/);
  });

  it('fails a plugin whose handlers do not end, so that they do not fill the memory', async () => {
    const logic = await startLogic({ limits: { maxAbandonedTurns: 2 } });
    script.handle = () => new Promise(() => {});
    for (const device of ['a', 'b', 'c', 'd']) logic.post(device, 'reading', { value: 1 });
    await eventually('the turns are open', () => logic.status().openTurns === 4);
    logic.clock.advance(12_000);
    expect(logic.status()).toMatchObject({
      state: 'failed',
      reason: '3 turns of the plugin were given up and have never ended.',
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
