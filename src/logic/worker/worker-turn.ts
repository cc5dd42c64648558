import { type BegunTurn, HostEnded, type TurnResult } from '../running/handler-host.js';
import type { Job } from '../running/job.js';
import { type Admitted, admit } from './admission.js';
import { readFault, writeInput } from './codec.js';
import type { ToHub } from './protocol.js';

/** What a turn in a worker needs of whoever began it. */
export interface TurnKeeper {
  readonly maxEffects: number;
  /** It is over as if it had never been. */
  abandon(turn: { readonly id: number }): void;
  /** Ends the worker when it has stopped to answer. */
  endIfStuck(): void;
  /** Asks the worker for an answer, and ends it when none comes. */
  ask(isAlive: () => void): void;
}

/** A turn whose method runs in a worker. */
export class WorkerTurn implements BegunTurn {
  readonly ended: Promise<void>;
  isAbandoned = false;
  private admitted: Admitted | undefined;
  private hostFault: HostEnded | undefined;
  private resolve = () => {};
  private reject: (error: Error) => void = () => {};

  constructor(
    readonly id: number,
    private readonly job: Job,
    private readonly host: TurnKeeper,
  ) {
    this.ended = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  get request() {
    const { handler, input, failures, depth } = this.job;
    return { kind: 'turn', id: this.id, handler: handler.name, input: writeInput(input), failures, depth } as const;
  }

  /** Its method has ended in the worker. */
  done(result: Extract<ToHub, { readonly kind: 'done' }>): void {
    // Nobody listens any more: nothing of it is done, nor counted.
    if (this.isAbandoned) return this.resolve();
    try {
      this.admitted = admit(result, this.job.handler.permissions, this.host.maxEffects);
      this.resolve();
    } catch (error) {
      this.reject(error as Error);
    }
  }

  threw({ fault }: Extract<ToHub, { readonly kind: 'threw' }>): void {
    this.reject(readFault(fault));
  }

  /** Its worker has. */
  hostEnded(reason: string, wasAlone: boolean): void {
    this.hostFault = new HostEnded(`its worker has ended: ${reason}`, wasAlone);
    this.reject(this.hostFault);
  }

  close(): TurnResult {
    return this.admitted as Admitted;
  }

  abandon(): void {
    this.isAbandoned = true;
    this.admitted?.undo();
    this.host.abandon(this);
  }

  askHost(isAlive: () => void): void {
    this.host.endIfStuck();
    if (!this.hostFault) this.host.ask(isAlive);
  }

  timeOut(): Error | undefined {
    this.host.endIfStuck();
    this.abandon();
    // Also when another turn of the same moment has found the worker stuck before.
    return this.hostFault;
  }
}
