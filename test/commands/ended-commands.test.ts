import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { CommandRules } from '../../src/commands/command-rules.js';
import type { SentCommand } from '../../src/commands/commands.js';
import { ENDED, ENDINGS } from '../../src/commands/store/tables.js';
import { madeEngine } from '../channels/support/made-channels.js';
import { eventually } from '../support/eventually.js';
import { madeCommands } from './support/made-commands.js';

/** A hub whose commands are canceled as soon as they are sent. */
function madeWorld(rules: Partial<CommandRules>) {
  const { engine, channels, clock } = madeEngine();
  let commands = madeCommands(engine, channels, rules);
  let stop = commands.start();
  return {
    clock,
    /** @returns the command's id */
    end(device: string): string {
      const { id } = (commands.send(device, 'a', {}) as SentCommand).command;
      void commands.cancel(device, id);
      return id;
    },
    restart(): void {
      stop();
      commands = madeCommands(engine, channels, rules);
      stop = commands.start();
    },
    get commands() {
      return commands;
    },
    kept: (device = '') => {
      const keys = engine
        .table(ENDED)
        .range({ limit: 10_000 })
        .map(({ key }) => key);
      expect(engine.table(ENDINGS).count()).toBe(keys.length);
      return keys.filter((key) => key.startsWith(device)).map((key) => key.slice(key.indexOf('/') + 1));
    },
  };
}

describe('Commands that have ended', () => {
  it('are forgotten when their device has too many, those that were sent first', () => {
    const world = madeWorld({ maxEndedOfDevice: 3 });
    const ids = Array.from({ length: 5 }, () => world.end('fan'));
    const other = world.end('lamp');
    expect(world.kept('fan')).toEqual(ids.slice(2));
    expect(world.kept('lamp')).toEqual([other]);
    expect(() => world.commands.find('fan', ids[1] as string)).toThrow('has no command');
    expect(world.commands.find('fan', ids[2] as string)).toMatchObject({ state: { is: 'CANCELED' } });
    expect(world.commands.ended).toBe(4);
  });

  it('are forgotten when all devices together have too many, those that ended first', async () => {
    const world = madeWorld({ maxEnded: 50 });
    const ids: string[] = [];
    for (let i = 0; i < 51; i++) {
      ids.push(world.end(`d${i % 7}`));
      world.clock.advance(1);
    }
    // A few more than needed go at a time.
    await eventually('there are few enough', () => world.commands.ended === 45);
    expect(world.kept().sort()).toEqual(ids.slice(6));
    expect(() => world.commands.find('d5', ids[5] as string)).toThrow('has no command');
  });

  it('are counted anew after a restart, and once their retention is over', async () => {
    const world = madeWorld({ retentionMs: 60_000, maxEndedOfDevice: 2 });
    world.end('fan');
    world.clock.advance(30_000);
    const second = world.end('fan');
    await setImmediate();
    world.restart();
    expect(world.commands.ended).toBe(2);
    world.clock.advance(30_000);
    await setImmediate();
    world.clock.advance(1_000);
    await eventually('the first is gone', () => world.commands.ended === 1);
    expect(world.kept()).toEqual([second]);
    // The queue knows of it: there is a place again.
    const third = world.end('fan');
    expect(world.kept()).toEqual([second, third]);
  });
});
