import type { StoredRecord } from '../../engine/record-table.js';
import { readFault } from './codec.js';
import type { Answer, Question } from './protocol.js';

/** Questions that one worker may have open. */
const MAX_OPEN = 10_000;

interface Asked {
  readonly resolve: (value: StoredRecord | readonly StoredRecord[] | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** What a worker has asked the hub, until it is answered. */
export class Questions {
  private readonly open = new Map<number, Asked>();
  private nextId = 1;

  constructor(private readonly send: (id: number, question: Question) => void) {}

  /** @returns what the hub answers. Rejects with the error that the hub met, and when too many are open */
  ask<T>(question: Question): Promise<T> {
    if (this.open.size >= MAX_OPEN) {
      return Promise.reject(
        new Error(`The plugin waits for ${MAX_OPEN} answers of the hub, as many as it may. Await what is begun.`),
      );
    }
    const id = this.nextId++;
    return new Promise<T>((resolve, reject) => {
      this.open.set(id, { resolve: resolve as Asked['resolve'], reject });
      this.send(id, question);
    });
  }

  answered(id: number, answer: Answer): void {
    const asked = this.open.get(id);
    this.open.delete(id);
    if ('fault' in answer) asked?.reject(readFault(answer.fault));
    else asked?.resolve(answer.value);
  }
}
