import type { Job } from './job.js';

/** A queue that shares a host with others. */
export interface SuspectQueue {
  /** its turns that are open */
  readonly inHand: number;
  /** It may begin turns again. */
  goOn(): void;
}

/**
 * Turns that were open when their host ended: one of them may be the cause, and nobody knows which. Each is run again with
 * nothing beside it, before anything else, in all queues of the host. So the cause is found, and the others are cleared.
 */
export class Suspects {
  private readonly queues: SuspectQueue[] = [];
  private readonly suspected = new Map<Job, SuspectQueue>();

  /** A queue of the host, at the start. */
  add(queue: SuspectQueue): void {
    this.queues.push(queue);
  }

  suspect(job: Job, queue: SuspectQueue): void {
    this.suspected.set(job, queue);
  }

  isSuspect(job: Job): boolean {
    return this.suspected.has(job);
  }

  /** False while it is another's turn. */
  mayBegin(queue: SuspectQueue): boolean {
    if (this.suspected.size === 0) return true;
    return Array.from(this.suspected.values()).includes(queue) && this.queues.every(({ inHand }) => inHand === 0);
  }

  /** A turn has ended with its host alive. */
  clear(job: Job): void {
    if (this.suspected.size === 0) return;
    this.suspected.delete(job);
    for (const queue of this.queues) queue.goOn();
  }
}
