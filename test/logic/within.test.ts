import { describe, expect, it } from '@jest/globals';
import { within } from '../../src/logic/within.js';
import { endSpawned, Spawned } from '../cli/support/spawned.js';
import { ManualClock } from '../support/manual-clock.js';

const never = new Promise<string>(() => {});

describe('Waiting within a time', () => {
  it('gives the outcome that comes in time, good or bad', async () => {
    const clock = new ManualClock();
    const late = () => 'late';
    expect(await within(clock, 1_000, Promise.resolve('done'), late)).toBe('done');
    await expect(within(clock, 1_000, Promise.reject(new Error('bad')), late)).rejects.toThrow('bad');
  });

  it('gives what is said for a late one, or throws it', async () => {
    const clock = new ManualClock();
    const said = within(clock, 1_000, never, () => 'late');
    const thrown = within(clock, 1_000, never, () => {
      throw new Error('too late');
    });
    clock.advance(1_100);
    expect(await said).toBe('late');
    await expect(thrown).rejects.toThrow('too late');
  });

  it('keeps a process alive that has nothing else to do', async () => {
    const script = `
      const { within } = await import('./src/logic/within.ts');
      const { systemClock } = await import('./src/channels/clock.ts');
      console.log(await within(systemClock, 1, new Promise(() => {}), () => 'late'));`;
    const args = ['--import', './test/support/run-typescript.mjs', '--input-type=module', '--eval', script];
    const process = new Spawned('node', args);
    expect(await process.exit).toEqual({ code: 0, signal: null });
    expect(process.out).toBe('late\n');
    await endSpawned();
  });
});
