import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../../channels/clock.js';
import { installGlobals, type TimerWorld } from './globals.js';
import { VirtualTimer } from './virtual-timer.js';

const worlds = new AsyncLocalStorage<VirtualWorld>();

/** The world that the running code was begun in; undefined outside of all. */
function currentWorld(): VirtualWorld | undefined {
  return worlds.getStore();
}

/**
 * Whatever is begun in it lives in virtual time: its `Date`, `setTimeout` and `setInterval` are those of a clock, however
 * many promises lie between. Nothing outside of it notices, the test's own code included
 * (docs/adr/0013-virtual-time.md).
 */
export class VirtualWorld implements TimerWorld {
  /** one-shot timers that somebody may be waiting for */
  pendingTimeouts = 0;
  /** callbacks that the event loop will call in its next turn */
  pendingImmediates = 0;
  private readonly timers = new Set<VirtualTimer>();
  private uninstall: (() => void) | undefined;

  /** @param faulted told of what a timer's callback throws; it may throw */
  constructor(
    readonly clock: Clock,
    private readonly faulted: (error: unknown) => void,
  ) {
    this.uninstall = installGlobals(currentWorld);
  }

  /** Runs something in this world. */
  run<T>(work: () => T): T {
    return worlds.run(this, work);
  }

  timeout(call: () => void, ms: number): VirtualTimer {
    this.pendingTimeouts++;
    return this.timer(call, ms, false, () => this.pendingTimeouts--);
  }

  interval(call: () => void, ms: number): VirtualTimer {
    return this.timer(call, ms, true, () => {});
  }

  /** Ends every timer that is left: whoever set them is gone. */
  clear(): void {
    for (const timer of [...this.timers]) timer.close();
  }

  /** Ends the world. */
  close(): void {
    this.clear();
    this.uninstall?.();
    this.uninstall = undefined;
  }

  private timer(call: () => void, ms: number, repeats: boolean, ended: () => void): VirtualTimer {
    const guarded = () => {
      try {
        call();
      } catch (error) {
        this.faulted(error);
      }
    };
    const timer: VirtualTimer = new VirtualTimer(this.clock, timerMs(ms), guarded, repeats, () => {
      this.timers.delete(timer);
      ended();
    });
    this.timers.add(timer);
    return timer;
  }
}

/** Node's timers take at least a millisecond, and what is no number as one. */
function timerMs(ms: number): number {
  return Number.isFinite(ms) && ms >= 1 ? Math.trunc(ms) : 1;
}
