import type { EngineError, StoredMessage } from '../message-log.js';
import type { Waiting } from './batch.js';

/** Those who publish in one channel are told in the order of their calls. */
export interface Telling {
  /** messages that are told after a commit */
  untold: number;
}

/** A message that its publisher and readers hear of once the commit that it waits for is on disk. */
export class Untold<M extends StoredMessage> implements Waiting {
  readonly told: Promise<M>;
  private resolve!: (message: M) => void;
  private reject!: (error: EngineError) => void;

  /** @param show lets readers see it */
  constructor(
    private readonly log: Telling,
    private readonly message: M,
    private readonly show: () => void,
  ) {
    log.untold++;
    this.told = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  settle(): void {
    this.log.untold--;
    this.show();
    this.resolve(this.message);
  }

  fail(error: EngineError): void {
    this.log.untold--;
    this.reject(error);
  }
}
