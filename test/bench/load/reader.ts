import { BenchFault } from '../bench-fault.js';
import { excerpt, type MessageCheck } from '../measure/message-check.js';
import type { Connection } from './connection.js';
import type { Response } from './response-parser.js';

/** What polls say, as bytes to send. */
export interface Polls {
  /** asks for the oldest message */
  readonly first: string;
  /** Asks for the message behind `message`. @throws BenchFault when it does not say what has to be asked for */
  behind(message: Response): string;
}

/** A subscriber: polls a channel, checks each message, and polls again behind it when it is told to. */
export class Reader<Check extends MessageCheck = MessageCheck> {
  private last: Response | undefined;

  /** @param onMessage called with each message that passed the check; the reader has no poll open then */
  constructor(
    private readonly connection: Connection,
    private readonly requests: Polls,
    readonly check: Check,
    private readonly onMessage: (reader: Reader<Check>) => void,
  ) {}

  /** Opens a poll: for the oldest message at first, then behind the last one. */
  poll(): void {
    this.connection.send(this.last ? this.requests.behind(this.last) : this.requests.first, this.take);
  }

  /** Forgets what it got: the next poll asks for the oldest message. */
  rewind(): void {
    this.last = undefined;
  }

  close(): void {
    this.connection.close();
  }

  private readonly take = (response: Response): void => {
    if (response.status !== 200) {
      throw new BenchFault(`A poll was answered ${response.status} ${excerpt(response.body)}, not with a message.`);
    }
    this.check.take(response.body);
    this.last = response;
    this.onMessage(this);
  };
}
