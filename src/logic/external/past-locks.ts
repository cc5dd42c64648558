/** What became of a turn that is no longer out. */
export type PastLock = 'answered' | 'lost';

/** Locks of one logic server that are remembered; of one more, the oldest is forgotten. */
const MAX_REMEMBERED = 10_000;

/** The locks that are no longer held: who answers with one again is told what became of its turn. */
export class PastLocks {
  private readonly locks = new Map<string, PastLock>();

  note(lock: string, became: PastLock): void {
    this.locks.set(lock, became);
    if (this.locks.size <= MAX_REMEMBERED) return;
    for (const oldest of this.locks.keys()) {
      this.locks.delete(oldest);
      return;
    }
  }

  /** undefined: it was never given since the start, or too long ago. */
  find(lock: string): PastLock | undefined {
    return this.locks.get(lock);
  }
}
