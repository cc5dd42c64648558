import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/channels/clock.js';

/** Looks that lie closer together than this, in ms, belong to a busy turn. */
const BUSY_MS = 0.05;

function spinUntil(uptime: number): void {
  while (performance.now() < uptime);
}

describe('systemClock', () => {
  it('tells unix time, and an uptime that does not go back', async () => {
    await new Promise(setImmediate);
    const before = Date.now();
    expect(systemClock.now()).toBeGreaterThanOrEqual(before);
    const uptime = systemClock.uptime();
    expect(systemClock.uptime()).toBeGreaterThanOrEqual(uptime);
  });

  it('stands still within a turn of the event loop, and goes on in the next', async () => {
    await new Promise(setImmediate);
    const [now, uptime] = [systemClock.now(), systemClock.uptime()];
    spinUntil(uptime + 2);
    expect([systemClock.now(), systemClock.uptime()]).toEqual([now, uptime]);
    await new Promise(setImmediate);
    expect(systemClock.now()).toBeGreaterThan(now);
    expect(systemClock.uptime()).toBeGreaterThan(uptime + 1);
  });

  it('goes on with the next piece of JavaScript when the last look is long ago', async () => {
    await new Promise(setImmediate);
    spinUntil(systemClock.uptime() + 1);
    await new Promise(setImmediate);
    const uptime = systemClock.uptime();
    await undefined;
    spinUntil(uptime + 1);
    expect(systemClock.uptime()).toBeGreaterThanOrEqual(uptime + 1);
  });

  it('stands still for the rest of a turn of the event loop that looks again and again', async () => {
    let uptime: number;
    let before: number;
    do {
      await new Promise(setImmediate);
      spinUntil(systemClock.uptime() + 1);
      await new Promise(setImmediate);
      before = systemClock.uptime();
      await undefined;
      uptime = systemClock.uptime();
      // A machine that was doing something else did not look soon enough.
    } while (uptime - before >= BUSY_MS);
    expect(uptime).toBeGreaterThan(before);
    await undefined;
    spinUntil(uptime + 1);
    expect(systemClock.uptime()).toBe(uptime);
    await new Promise(setImmediate);
    expect(systemClock.uptime()).toBeGreaterThanOrEqual(uptime + 1);
  });

  it('ticks until it is told to stop', async () => {
    let ticks = 0;
    await new Promise<void>((resolve) => {
      const stop = systemClock.every(1, () => {
        ticks++;
        if (ticks < 3) return;
        stop();
        // Ticks that came in spite of it would show at the end of a further period.
        const end = systemClock.every(5, () => {
          end();
          resolve();
        });
      });
    });
    expect(ticks).toBe(3);
  });
});
