import { SequenceCheck } from '../measure/message-check.js';
import { filled, type Target } from '../peers/peer.js';
import type { Connection } from './connection.js';
import { Reader } from './reader.js';
import { PollRequests } from './requests.js';

/** The messages that a channel must have stored: all from number `first` to before number `end`, at least one. */
export interface StoredMessages {
  readonly channel: string;
  readonly first: number;
  readonly end: number;
  readonly bodyBytes: number;
}

/** Reads what a channel has stored, message by message, and checks it. */
export class StoredReader {
  private readonly reader: Reader<SequenceCheck>;
  private sentAt = 0;
  private ended: () => void = () => {};

  /** @param onMessage called with how long each message took to come */
  constructor(
    connection: Connection,
    { endpoint, subscribePath }: Target,
    private readonly stored: StoredMessages,
    private readonly onMessage: (latencyMs: number) => void,
  ) {
    const { channel, bodyBytes } = stored;
    const requests = new PollRequests(endpoint, filled(subscribePath, { id: channel }));
    this.reader = new Reader(connection, requests, new SequenceCheck(channel, bodyBytes), () => this.took());
  }

  /** Reads from the oldest message to the last; may be called again then. */
  readAll(): Promise<void> {
    this.reader.rewind();
    this.reader.check.restart(this.stored.first);
    return new Promise((resolve) => {
      this.ended = resolve;
      this.poll();
    });
  }

  private poll(): void {
    this.sentAt = performance.now();
    this.reader.poll();
  }

  private took(): void {
    this.onMessage(performance.now() - this.sentAt);
    if (this.reader.check.expected < this.stored.end) this.poll();
    else this.ended();
  }
}
