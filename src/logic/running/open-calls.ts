import type { Deadlined, DeadlineWheel } from '../../channels/deadline-wheel.js';
import type { BegunTurn } from './handler-host.js';
import type { Job } from './job.js';

/** Calls of handlers that have not ended, each for as long as it has time. Every step is constant. */
export class OpenCalls {
  /** calls that were given up, and whose handlers still run */
  abandoned = 0;
  private readonly open: OpenCall[] = [];

  /** @param late told of a call whose time is over, which it gives up in time */
  constructor(
    private readonly wheel: DeadlineWheel,
    private readonly late: (call: OpenCall) => void,
  ) {}

  /** those that were not given up */
  get size(): number {
    return this.open.length;
  }

  /** @param startedAt ms of Clock.uptime */
  add(job: Job, turn: BegunTurn, startedAt: number): OpenCall {
    const call = new OpenCall(this.late, job, turn, startedAt);
    call.index = this.open.push(call) - 1;
    this.wheel.arm(call, job.handler.rules.timeoutMs);
    return call;
  }

  /** It is open still: it has not ended, and was not given up. */
  has(call: OpenCall): boolean {
    return this.open[call.index] === call;
  }

  /** Its handler has ended. @returns false when it was given up before */
  close(call: OpenCall): boolean {
    if (!this.leave(call)) {
      this.abandoned--;
      return false;
    }
    this.wheel.disarm(call);
    return true;
  }

  /**
   * The handler goes on, and nobody listens: what it has asked for is not done.
   * @returns what its turn fails with when there is more to tell than that
   */
  giveUp(call: OpenCall): Error | undefined {
    const { turn } = call;
    this.leave(call);
    this.wheel.disarm(call);
    this.abandoned++;
    if (turn.timeOut) return turn.timeOut();
    turn.abandon();
    return undefined;
  }

  giveUpAll(): void {
    for (const call of [...this.open]) this.giveUp(call);
  }

  /** Takes it out of the open ones, if it is among them. */
  private leave(call: OpenCall): boolean {
    const { open } = this;
    const { index } = call;
    if (!this.has(call)) return false;
    const last = open.pop() as OpenCall;
    if (last !== call) {
      open[index] = last;
      last.index = index;
    }
    call.index = -1;
    return true;
  }
}

/** A call that is open, until its time is over. */
export class OpenCall implements Deadlined {
  dueAt = 0;
  wheelSlot = -1;
  wheelIndex = 0;
  /** its place among the open ones; -1: it is not one of them */
  index = -1;

  constructor(
    private readonly late: (call: OpenCall) => void,
    readonly job: Job,
    readonly turn: BegunTurn,
    /** ms of Clock.uptime */
    readonly startedAt: number,
  ) {}

  expire(): void {
    this.late(this);
  }
}
