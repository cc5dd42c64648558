import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { script } from './plugins/scripted/index.js';
import { startLogic, stopLogic } from './support/started-logic.js';

afterEach(stopLogic);

describe('A stop of the plugins', () => {
  it('waits for turns that are open and events that wait, takes in no more, and does what was asked for', async () => {
    const logic = await startLogic();
    let end = () => {};
    script.handle = async ({ device, data }, turn) => {
      if (data.value === 1) {
        await new Promise<void>((resolve) => {
          end = resolve;
        });
      }
      turn.command(device, 'go', data.value);
    };
    for (const value of [1, 2]) logic.post('a', 'reading', { value });
    await eventually('the turn is open', () => logic.status().openTurns === 1);
    let isStopped = false;
    const stopped = logic.logic.stop(10_000).then(() => {
      isStopped = true;
    });
    logic.post('a', 'reading', { value: 3 });
    await setImmediate();
    expect([isStopped, logic.status().state]).toEqual([false, 'running']);
    end();
    await stopped;
    expect(logic.commands('a')).toEqual(['go 1', 'go 2']);
    expect(logic.status()).toMatchObject({ state: 'stopped', counters: { events: 2, turns: 2 } });
  });

  it('gives up turns that do not end in time, and does nothing of theirs', async () => {
    const logic = await startLogic();
    let turnOf1: (() => void) | undefined;
    script.handle = ({ device }, turn) => {
      turn.command(device, 'go');
      return new Promise<void>((resolve) => {
        turnOf1 = resolve;
      });
    };
    for (const value of [1, 2]) logic.post('a', 'reading', { value });
    await eventually('the turn is open', () => logic.status().openTurns === 1);
    const stopped = logic.logic.stop(5_000);
    logic.clock.advance(5_000);
    await stopped;
    turnOf1?.();
    await setImmediate();
    expect(logic.commands('a')).toEqual([]);
    expect(logic.status()).toMatchObject({
      state: 'stopped',
      openTurns: 0,
      queued: 0,
      counters: { turns: 0, timedOut: 1 },
    });
  });

  it('is not held up by a plugin whose own closing never ends', async () => {
    const logic = await startLogic({ plugins: { 'never-closed': {} } });
    const stopped = logic.logic.stop(5_000);
    await setImmediate();
    logic.clock.advance(5_000);
    await stopped;
    expect(logic.status('never-closed').state).toBe('stopped');
  });

  it('runs the hooks of every plugin, also when those of another throw', async () => {
    const logic = await startLogic({ plugins: { 'fails-closing': {}, hooked: {} } });
    const { closed } = await import('./plugins/hooked/index.js');
    await logic.logic.stop(5_000);
    expect(closed).toEqual(['hooked']);
    expect(
      logic.logic
        .list()
        .filter(({ state }) => state === 'stopped')
        .map(({ name }) => name),
    ).toEqual(['fails-closing', 'hooked']);
  });

  it('gives up at once when there is no time', async () => {
    const logic = await startLogic();
    script.handle = () => new Promise(() => {});
    logic.post('a', 'reading', { value: 1 });
    await eventually('the turn is open', () => logic.status().openTurns === 1);
    await logic.logic.stop(0);
    expect(logic.status()).toMatchObject({ state: 'stopped', openTurns: 0, counters: { timedOut: 1 } });
  });
});
