import { afterEach, describe, expect, it } from '@jest/globals';
import { EventLoopMonitor } from '../../src/telemetry/event-loop-monitor.js';
import { eventually } from '../support/eventually.js';
import { ManualClock } from '../support/manual-clock.js';

const NOTHING = { p50Ms: 0, p99Ms: 0, maxMs: 0 };
const WINDOW_MS = 60_000;

function block(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

describe('EventLoopMonitor', () => {
  const clock = new ManualClock();
  const monitor = new EventLoopMonitor(clock);

  /** Holds the event loop up until the monitor has seen it. */
  async function stall(): Promise<void> {
    await eventually('the monitor has ticked and has seen a stall', () => {
      block(120);
      return monitor.delay().maxMs >= 40;
    });
  }

  afterEach(() => monitor.stop());

  it('has only zeros before it is started', () => {
    expect(new EventLoopMonitor(clock).delay()).toEqual(NOTHING);
  });

  it('sees a loop that is held up, and forgets it after two windows', async () => {
    monitor.start();
    await stall();
    const { p50Ms, p99Ms, maxMs } = monitor.delay();
    expect(p50Ms).toBeLessThanOrEqual(p99Ms);
    expect(p99Ms).toBeLessThanOrEqual(maxMs);
    clock.advance(WINDOW_MS);
    expect(monitor.delay().maxMs).toBeGreaterThanOrEqual(40);
    clock.advance(WINDOW_MS);
    expect(monitor.delay()).toEqual(NOTHING);
  });

  it('measures no longer once it is stopped, and again when it is started again', async () => {
    const other = new EventLoopMonitor(clock);
    other.start();
    other.start();
    other.stop();
    const before = other.delay();
    monitor.start();
    await stall();
    expect(other.delay()).toEqual(before);
    clock.advance(10 * WINDOW_MS);
    expect(other.delay()).toEqual(before);
  });
});
