import { describe, expect, it } from '@jest/globals';
import { systemClock } from '../../src/channels/clock.js';

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
    while (performance.now() < uptime + 2);
    expect([systemClock.now(), systemClock.uptime()]).toEqual([now, uptime]);
    await new Promise(setImmediate);
    expect(systemClock.now()).toBeGreaterThan(now);
    expect(systemClock.uptime()).toBeGreaterThan(uptime + 1);
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
