import { isPromise } from '../channels/maybe-promise.js';
import type { MaybePromise } from '../engine/message-log.js';

/**
 * Runs jobs one after the other, each when the one before is done with all that it waits for. A job that finds nobody
 * before it runs at once.
 */
export class Turns {
  private isTaken = false;
  private waiting: (() => void)[] | undefined;

  get isIdle(): boolean {
    return !this.isTaken;
  }

  /** @returns what the job gives, or its error */
  run<T>(job: () => MaybePromise<T>): MaybePromise<T> {
    return this.isTaken ? this.runLater(job) : this.take(job);
  }

  private runLater<T>(job: () => MaybePromise<T>): Promise<T> {
    this.waiting ??= [];
    const { waiting } = this;
    return new Promise<T>((resolve, reject) => {
      waiting.push(() => {
        try {
          resolve(this.take(job));
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  private take<T>(job: () => MaybePromise<T>): MaybePromise<T> {
    this.isTaken = true;
    let result: MaybePromise<T>;
    try {
      result = job();
    } catch (error) {
      this.giveUp();
      throw error;
    }
    if (isPromise(result)) this.giveUpAfter(result);
    else this.giveUp();
    return result;
  }

  private giveUpAfter(result: Promise<unknown>): void {
    const giveUp = () => this.giveUp();
    result.then(giveUp, giveUp);
  }

  private giveUp(): void {
    this.isTaken = false;
    if (!this.waiting) return;
    const next = this.waiting.shift();
    if (next) next();
    else this.waiting = undefined;
  }
}
