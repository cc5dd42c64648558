import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/channels/clock.js';

/** Looks that lie closer together than this, in ms, belong to a busy turn. */
const BUSY_MS = 0.05;
/** So many such looks in a row make one. */
const BUSY_LOOKS = 4;

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
    const looks: number[] = [];
    const wasSlow = () => looks.some((uptime, i) => i > 0 && uptime - (looks[i - 1] as number) >= BUSY_MS);
    do {
      looks.length = 0;
      await new Promise(setImmediate);
      spinUntil(systemClock.uptime() + 1);
      await new Promise(setImmediate);
      while (looks.length <= BUSY_LOOKS) {
        looks.push(systemClock.uptime());
        await undefined;
      }
      // A machine that was doing something else did not look soon enough.
    } while (wasSlow());
    expect(new Set(looks).size).toBe(looks.length);
    const uptime = looks.at(-1) as number;
    spinUntil(uptime + 1);
    expect(systemClock.uptime()).toBe(uptime);
    await new Promise(setImmediate);
    expect(systemClock.uptime()).toBeGreaterThanOrEqual(uptime + 1);
  });

  it('stands still from hold to release, and no longer', async () => {
    await new Promise(setImmediate);
    spinUntil(systemClock.uptime() + 1);
    await new Promise(setImmediate);
    systemClock.hold?.();
    const uptime = systemClock.uptime();
    spinUntil(uptime + 1);
    expect(systemClock.uptime()).toBe(uptime);
    systemClock.release?.();
    expect(systemClock.uptime()).toBeGreaterThanOrEqual(uptime + 1);
  });

  it('leaves the time alone at a release when it was known before the hold', async () => {
    await new Promise(setImmediate);
    const uptime = systemClock.uptime();
    systemClock.hold?.();
    systemClock.release?.();
    spinUntil(uptime + 1);
    expect(systemClock.uptime()).toBe(uptime);
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
