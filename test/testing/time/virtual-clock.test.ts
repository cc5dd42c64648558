import { AsyncLocalStorage } from 'node:async_hooks';
import { describe, expect, it } from '@jest/globals';
import { VirtualClock } from '../../../src/testing/time/virtual-clock.js';

function run(clock: VirtualClock, ms: number): void {
  const end = clock.uptime() + ms;
  while (clock.step(end));
}

describe('VirtualClock', () => {
  it('stands still, and calls each tick at its own time, in the order of their times', () => {
    const clock = new VirtualClock(1_000);
    const told: string[] = [];
    clock.every(300, () => told.push(`300 at ${clock.now()}`));
    clock.every(200, () => told.push(`200 at ${clock.now()}`));
    expect([clock.now(), clock.uptime()]).toEqual([1_000, 0]);
    run(clock, 650);
    expect(told).toEqual(['200 at 1200', '300 at 1300', '200 at 1400', '300 at 1600', '200 at 1600']);
    expect([clock.now(), clock.uptime()]).toEqual([1_650, 650]);
  });

  it('ticks no more when it was told to stop, also by another tick of that moment', () => {
    const clock = new VirtualClock();
    let ticks = 0;
    let stop = () => {};
    clock.every(10, () => stop());
    stop = clock.every(10, () => ticks++);
    run(clock, 100);
    expect(ticks).toBe(0);
  });

  it('calls a tick in the asynchronous context in which it was asked for', () => {
    const clock = new VirtualClock();
    const context = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    context.run('mine', () => clock.every(10, () => seen.push(context.getStore())));
    run(clock, 10);
    expect(seen).toEqual(['mine']);
  });

  it('leaves out ticks that would find nothing to do, and keeps the others at their times', () => {
    const clock = new VirtualClock();
    const told: string[] = [];
    let workAt = 470;
    const tick = () => {
      told.push(`work at ${clock.uptime()}`);
      workAt = Number.POSITIVE_INFINITY;
    };
    clock.every(100, tick, () => workAt);
    run(clock, 1_000);
    expect(told).toEqual(['work at 500']);
    workAt = 1_010;
    run(clock, 60_000);
    expect(told).toEqual(['work at 500', 'work at 1100']);
  });

  it('asks again when another tick has made work for one that had nothing to do', () => {
    const clock = new VirtualClock();
    const told: string[] = [];
    let workAt = Number.POSITIVE_INFINITY;
    clock.every(
      100,
      () => told.push(`early at ${clock.uptime()}`),
      () => workAt,
    );
    clock.every(300, () => {
      workAt = 0;
      told.push(`maker at ${clock.uptime()}`);
    });
    clock.every(
      100,
      () => told.push(`late at ${clock.uptime()}`),
      () => workAt,
    );
    run(clock, 400);
    // The first one had its tick of that moment before there was anything to do.
    expect(told).toEqual(['maker at 300', 'late at 300', 'early at 400', 'late at 400']);
  });

  it('lets an operator set the wall clock, and counts on as before', () => {
    const clock = new VirtualClock(5_000);
    run(clock, 100);
    clock.setWall(1_000);
    run(clock, 10);
    expect([clock.now(), clock.uptime()]).toEqual([1_010, 110]);
  });
});
