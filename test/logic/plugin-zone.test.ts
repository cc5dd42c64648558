import { EventEmitter } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { catchLateFaults, type FaultSource, inZone, outOfZone, type PluginZone } from '../../src/logic/plugin-zone.js';

class RecordedZone implements PluginZone {
  readonly faults: unknown[] = [];

  lateFault(error: unknown): void {
    this.faults.push(error);
  }
}

/** Stands for the process; its listeners are called in the context of whoever emits, as Node calls them. */
function fakeProcess() {
  const emitter = new EventEmitter();
  return { emitter, source: emitter as unknown as FaultSource };
}

describe('A fault that nobody caught', () => {
  it.each(['unhandledRejection', 'uncaughtException'])('as %s goes to the zone of what began it', async (event) => {
    const { emitter, source } = fakeProcess();
    const stop = catchLateFaults(source);
    const [one, two] = [new RecordedZone(), new RecordedZone()];
    const failLater = async (fault: string) => {
      await setImmediate();
      emitter.emit(event, fault);
    };
    await Promise.all([inZone(one, failLater, 'first'), inZone(two, failLater, 'second')]);
    stop();
    expect([one.faults, two.faults]).toEqual([['first'], ['second']]);
  });

  it('by the hub itself, also on behalf of a plugin, ends the process as ever', () => {
    const { emitter, source } = fakeProcess();
    const stop = catchLateFaults(source);
    const zone = new RecordedZone();
    const fault = new Error('of the hub');
    expect(() => emitter.emit('unhandledRejection', fault)).toThrow(fault);
    expect(() => inZone(zone, () => outOfZone(() => emitter.emit('uncaughtException', fault)))).toThrow(fault);
    stop();
    expect(zone.faults).toEqual([]);
  });

  it('by the hub itself is left to whoever else listens for it', () => {
    const { emitter, source } = fakeProcess();
    const heard: unknown[] = [];
    emitter.on('uncaughtException', (error) => heard.push(error));
    const stop = catchLateFaults(source);
    emitter.emit('uncaughtException', 'of the hub');
    expect(heard).toEqual(['of the hub']);
    expect(() => emitter.emit('unhandledRejection', new Error('of the hub'))).toThrow('of the hub');
    stop();
  });

  it('is listened for once, as long as one of several hubs in a process runs', () => {
    const { emitter, source } = fakeProcess();
    const [first, second] = [catchLateFaults(source), catchLateFaults(source)];
    expect(emitter.listenerCount('unhandledRejection')).toBe(1);
    first();
    first();
    expect(emitter.listenerCount('unhandledRejection')).toBe(1);
    second();
    expect([emitter.listenerCount('unhandledRejection'), emitter.listenerCount('uncaughtException')]).toEqual([0, 0]);
  });
});
