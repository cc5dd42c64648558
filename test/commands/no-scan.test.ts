import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Commands } from '../../src/commands/commands.js';
import type { ChangeSet, Engine } from '../../src/engine/engine.js';
import { madeEngine } from '../channels/support/made-channels.js';
import { madeCommands } from './support/made-commands.js';

const DEVICES = 10_000;
const SECOND = 1_000;

/** An engine that counts the records that are read of it. */
class CountedEngine implements Engine {
  records = 0;

  constructor(private readonly inner: ReturnType<typeof madeEngine>['engine']) {}

  get messages() {
    return this.inner.messages;
  }

  table(name: string): ReturnType<Engine['table']> {
    const table = this.inner.table(name);
    const counted = <T>(value: T, records: number): T => {
      this.records += records;
      return value;
    };
    return {
      get: (key) => counted(table.get(key), 1),
      range: (range) => {
        const found = table.range(range);
        return counted(found, found.length);
      },
      count: (range) => table.count(range),
    };
  }

  commit(changes: ChangeSet) {
    return this.inner.commit(changes);
  }

  close(): Promise<void> {
    return this.inner.close();
  }
}

describe('Commands that wait for 10,000 devices', () => {
  let made: ReturnType<typeof madeEngine>;
  let engine: CountedEngine;
  let commands: Commands;
  let stop: () => void;

  beforeEach(async () => {
    made = madeEngine();
    const before = madeCommands(made.engine, made.channels);
    for (let i = 0; i < DEVICES; i++)
      await before.send(`fan-${i}`, 'a', {}, { ttlMs: i === 7 ? 5 * SECOND : undefined });
    // The hub starts anew: no queue is in memory.
    engine = new CountedEngine(made.engine);
    commands = madeCommands(engine, made.channels);
    stop = commands.start();
  });

  afterEach(() => stop());

  async function pass(seconds: number): Promise<void> {
    for (let i = 0; i < seconds; i++) {
      made.clock.advance(SECOND);
      await new Promise(setImmediate);
    }
  }

  it('are not read by a restart, nor by the time that passes', async () => {
    await pass(4);
    expect([engine.records, commands.openQueues]).toEqual([0, 0]);
  });

  it('are found by their ids, or known to be gone, without reading those of others', async () => {
    const { command } = await commands.send('fan-9000', 'b', {});
    const registered = Array.from({ length: DEVICES }, (_, i) => `fan-${i}`);
    engine.records = 0;
    expect(await commands.locate(command.id, registered)).toBe('fan-9000');
    const forgotten = `01JDA0R9S3M6T5E1V7XQ${command.id.slice(-6)}`;
    expect(await commands.locate(forgotten, registered)).toBeUndefined();
    expect(engine.records).toBeLessThan(10);
    expect(await commands.locate(command.id, ['fan-1'])).toBe('fan-9000');
  });

  it('are read where one is due, and nowhere else', async () => {
    await pass(10);
    expect(commands.openQueues).toBe(1);
    expect(engine.records).toBeGreaterThan(0);
    expect(engine.records).toBeLessThan(20);
    expect(await commands.stateOf('fan-7')).toMatchObject({ waiting: 0 });
  });
});
