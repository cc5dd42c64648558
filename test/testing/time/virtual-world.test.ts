import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from '@jest/globals';
import { asyncScheduler, delay, interval, of, take } from 'rxjs';
import { VirtualClock } from '../../../src/testing/time/virtual-clock.js';
import { VirtualWorld } from '../../../src/testing/time/virtual-world.js';

const START = Date.UTC(2030, 5, 1);
const NODES_OWN = { setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate, Date };
const open: VirtualWorld[] = [];
afterEach(() => {
  for (const world of open.splice(0)) world.close();
});

function madeWorld() {
  const clock = new VirtualClock(START);
  const faults: unknown[] = [];
  const world = new VirtualWorld(clock, (error) => faults.push(error));
  open.push(world);
  const advance = async (ms: number) => {
    await turn();
    const end = clock.uptime() + ms;
    while (clock.step(end)) await turn();
    await turn();
  };
  return { clock, world, advance, faults };
}

describe('What is begun in a virtual world', () => {
  it('waits for its time, behind any number of promises', async () => {
    const { world, advance } = madeWorld();
    const told: unknown[] = [];
    const sleep = async (ms: number) => {
      await Promise.resolve();
      await new Promise((resolve) => setTimeout(resolve, ms));
      told.push(Date.now() - START);
    };
    world.run(() => sleep(2_000).then(() => sleep(3_000)));
    await advance(4_999);
    expect(told).toEqual([2_000]);
    await advance(1);
    expect(told).toEqual([2_000, 5_000]);
  });

  it('has the date of that time, and every other use of Date as ever', () => {
    const { world } = madeWorld();
    world.run(() => {
      const made = new Date();
      expect([Date.now(), made.getTime(), Date.parse(Date())]).toEqual([START, START, START]);
      expect(new Date(7).getTime()).toBe(7);
      expect(new Date() instanceof Date).toBe(true);
      expect(Date.UTC(2030, 5, 1)).toBe(START);
    });
    expect(Math.abs(Date.now() - START)).toBeGreaterThan(86_400_000);
  });

  it('has intervals, timers that are cleared or begin anew, and the forms that promisify gives', async () => {
    const { world, advance } = madeWorld();
    const told: string[] = [];
    world.run(() => {
      const ticking = setInterval(() => told.push('tick'), 100);
      setTimeout(() => clearInterval(ticking), 350);
      clearTimeout(setTimeout(() => told.push('never'), 10));
      const late = setTimeout(() => told.push('late'), 200);
      setTimeout(() => late.refresh(), 150);
      void promisify(setTimeout)(50, 'value').then((value) => told.push(value));
    });
    await advance(1_000);
    expect(told).toEqual(['value', 'tick', 'tick', 'tick', 'late']);
    expect(world.pendingTimeouts).toBe(0);
  });

  it('carries RxJS along, whose operators know of no other clock', async () => {
    const { world, advance } = madeWorld();
    const told: unknown[] = [];
    world.run(() => {
      of('delayed')
        .pipe(delay(60_000))
        .subscribe((value) => told.push(value));
      interval(25_000)
        .pipe(take(2))
        .subscribe((value) => told.push(value));
      asyncScheduler.schedule(() => told.push(asyncScheduler.now() - START), 61_000);
    });
    await advance(61_000);
    expect(told).toEqual([0, 1, 'delayed', 61_000]);
  });

  it('counts what waits for the next turn of the event loop', async () => {
    const { world } = madeWorld();
    let calls = 0;
    world.run(() => {
      setImmediate(() => calls++);
      clearImmediate(setImmediate(() => calls++));
    });
    expect(world.pendingImmediates).toBe(1);
    await turn();
    expect([world.pendingImmediates, calls]).toEqual([0, 1]);
  });

  it('keeps its clock going when a timer fails', async () => {
    const { world, advance, faults } = madeWorld();
    let calls = 0;
    world.run(() => {
      setTimeout(() => {
        throw new Error('no luck');
      }, 10);
      setTimeout(() => calls++, 10);
    });
    await advance(10);
    expect([faults, calls]).toEqual([[new Error('no luck')], 1]);
  });

  it('ends with it, and then the process has its own timers again', async () => {
    const { world, advance } = madeWorld();
    let calls = 0;
    world.run(() => setTimeout(() => calls++, 5));
    world.close();
    open.length = 0;
    await advance(10);
    expect(calls).toBe(0);
    expect({ setTimeout, setInterval, setImmediate, clearTimeout, clearInterval, clearImmediate, Date }).toEqual(
      NODES_OWN,
    );
  });

  it('knows nothing of another world, nor that of it', async () => {
    const [one, two] = [madeWorld(), madeWorld()];
    const told: string[] = [];
    one.world.run(() => setTimeout(() => told.push('one'), 10));
    two.world.run(() => setTimeout(() => told.push('two'), 10));
    await one.advance(10);
    expect(told).toEqual(['one']);
  });
});

describe('What is begun outside of it', () => {
  it('keeps the real time, and its timers run', async () => {
    const { world } = madeWorld();
    await new Promise((resolve) => setTimeout(resolve, 1));
    await promisify(setTimeout)(1);
    const timer = setInterval(() => {}, 1_000);
    clearInterval(timer);
    expect([world.pendingTimeouts, world.pendingImmediates]).toEqual([0, 0]);
  });
});
