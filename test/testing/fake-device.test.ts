import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestHub, testHub } from '../../src/testing/index.js';
import { Cooler } from './support/plugins.js';

let hub: TestHub;
beforeEach(async () => {
  hub = await testHub(Cooler);
});
afterEach(() => hub.close());

const WARM = { celsius: 31 };
const ends = () => hub.outcomes().map(({ state }) => state);

describe('A device that a test plays', () => {
  it('is known to the hub and listens from its first mention on', async () => {
    hub.device('fan-1');
    await hub.settle();
    expect(hub.device('fan-1')).toBe(hub.device('fan-1'));
    await hub.advance('1h');
    expect(await hub.state()).toEqual({ 'fan-1': 'listening' });
  });

  it.each<[string, () => { status: number } | undefined, string]>([
    ['nothing, which is 200', () => undefined, 'SUCCEEDED'],
    ['4xx', () => ({ status: 409 }), 'REJECTED'],
    ['5xx', () => ({ status: 500 }), 'FAILED'],
    [
      'what it throws',
      () => {
        throw new Error('jammed');
      },
      'FAILED',
    ],
  ])('answers with %s', async (_, answer, state) => {
    hub.device('fan-1').answer('fan.set', answer);
    await hub.emit('devices/fan-1/events/temperature', WARM);
    expect(ends()).toEqual([state]);
  });

  it('says nothing of a command without an answer but that it has it', async () => {
    hub.device('fan-1');
    await hub.emit('devices/fan-1/events/temperature', WARM);
    expect(ends()).toEqual([]);
    await hub.advance('31s');
    expect(ends()).toEqual(['TIMED_OUT']);
  });

  it('gets what waited for it once it is online again, and cannot post before', async () => {
    const fan = hub
      .device('fan-1')
      .answer('fan.set', () => ({ status: 200 }))
      .offline();
    await hub.emit('devices/fan-1/events/temperature', WARM);
    await expect(fan.emit('temperature', WARM)).rejects.toThrow('"fan-1" is offline and cannot post an event');
    expect(fan.commands()).toEqual([]);
    fan.online();
    await hub.settle();
    expect([fan.commands().length, ends()]).toEqual([1, ['SUCCEEDED']]);
  });

  it('is handed a command again whose acknowledgement was lost, and does it once', async () => {
    let calls = 0;
    const fan = hub.device('fan-1').answer('fan.set', () => {
      calls++;
      return { status: 200 };
    });
    fan.dropNextAck();
    await fan.emit('temperature', WARM);
    expect([fan.commands().length, ends()]).toEqual([1, []]);
    await hub.advance('2s');
    expect(fan.commands().map(({ attempt }) => attempt)).toEqual([1, 2]);
    expect([calls, ends()]).toEqual([1, ['SUCCEEDED']]);
  });

  it('tells the next thing twice', async () => {
    const fan = hub.device('fan-1').answer('fan.set', () => ({ status: 200 }));
    await fan.duplicateNext().emit('temperature', WARM);
    expect(fan.commands()).toHaveLength(2);
    await hub.emit('devices/fan-1/events/temperature', { celsius: 1 });
    fan.duplicateNext();
    await hub.emit('devices/fan-1/events/temperature', WARM);
    expect(ends()).toEqual(['SUCCEEDED', 'SUCCEEDED', 'SUCCEEDED']);
  });

  it('takes its time, also longer than its lease', async () => {
    const fan = hub.device('fan-1').answer('fan.set', () => ({ status: 200 }));
    await fan.slow('40s').emit('temperature', WARM);
    await hub.advance('39s');
    expect([fan.commands().length, ends()]).toEqual([1, []]);
    await hub.advance('1s');
    expect(ends()).toEqual(['SUCCEEDED']);
    await fan.slow('70s').emit('temperature', WARM);
    await hub.advance('70s');
    expect(hub.outcomes().map(({ state, late }) => [state, late])).toEqual([
      ['SUCCEEDED', undefined],
      ['SUCCEEDED', true],
    ]);
  });

  it('goes on with its work over a crash of the hub, and tells the new one', async () => {
    const fan = hub
      .device('fan-1')
      .answer('fan.set', () => ({ status: 200 }))
      .slow('10s');
    await fan.emit('temperature', WARM);
    await hub.restart();
    await hub.advance('10s');
    expect([fan.commands().length, ends()]).toEqual([1, ['SUCCEEDED']]);
  });

  it('waits in the time of the hub, and over a crash of it', async () => {
    const fan = hub.device('fan-1').answer('fan.set', async () => {
      await new Promise((resolve) => setTimeout(resolve, 5_000));
      return { status: 200, data: { at: Date.now() } };
    });
    await fan.emit('temperature', WARM);
    const sentAt = hub.now;
    await hub.advance('3s');
    await hub.restart();
    await hub.advance('2s');
    expect(hub.outcomes()).toMatchObject([{ state: 'SUCCEEDED', result: { data: { at: sentAt + 5_000 } } }]);
  });

  it('is waited for when it does something real, also late', async () => {
    const fan = hub.device('fan-1').slow('5s');
    fan.answer('fan.set', async () => ({ status: 200, data: (await readFile('LICENSE')).length }));
    await fan.emit('temperature', WARM);
    await hub.advance('5s');
    expect(hub.outcomes()).toMatchObject([{ state: 'SUCCEEDED', result: { data: expect.any(Number) } }]);
  });

  it('tells what came of its work once it is online again', async () => {
    const fan = hub
      .device('fan-1')
      .answer('fan.set', () => ({ status: 200 }))
      .slow('10s');
    await fan.emit('temperature', WARM);
    fan.offline();
    await hub.advance('20s');
    expect(ends()).toEqual([]);
    fan.online();
    await hub.settle();
    expect(ends()).toEqual(['SUCCEEDED']);
  });

  it('has an id like any other', () => {
    expect(() => hub.device('a/b')).toThrow('"a/b" is not a device id');
  });
});
