import type { Deadlined, DeadlineWheel } from '../../channels/deadline-wheel.js';

/** Things that are to go on later, each after a pause of its own. */
export class Pauses {
  private readonly open = new Set<Pause>();

  constructor(private readonly wheel: DeadlineWheel) {}

  get count(): number {
    return this.open.size;
  }

  /** Calls `go` after `ms`, unless `stop` comes before. */
  after(ms: number, go: () => void): void {
    const pause: Pause = new Pause(() => {
      this.open.delete(pause);
      go();
    });
    this.open.add(pause);
    this.wheel.arm(pause, ms);
  }

  /** Nothing goes on. */
  stop(): void {
    for (const pause of this.open) this.wheel.disarm(pause);
    this.open.clear();
  }
}

class Pause implements Deadlined {
  dueAt = 0;
  wheelSlot = -1;
  wheelIndex = 0;

  constructor(readonly expire: () => void) {}
}
