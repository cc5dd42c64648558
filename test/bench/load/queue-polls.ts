import { BenchFault } from '../bench-fault.js';
import { excerpt, type MessageCheck, SequenceCheck } from '../measure/message-check.js';
import type { Endpoint } from '../peers/peer.js';
import type { Polls } from './reader.js';

/** Seconds that a poll may stay open: longer than a turn, so that each is answered with a command. */
const WAIT_SECONDS = 300;

interface WireCommand {
  readonly name?: unknown;
  readonly params?: unknown;
  readonly seq?: unknown;
  readonly attempt?: unknown;
  readonly lock?: unknown;
}

/**
 * A device's polls of its queue; each acknowledges the command that the one before brought. Each command must come once, in
 * order, in its first delivery, with the text that it was sent with.
 */
export class QueuePolls implements Polls, MessageCheck {
  static readonly COMMAND = 'bench';
  readonly first: string;
  private readonly start: string;
  private readonly end: string;
  private readonly params: SequenceCheck;
  private lock = '';

  /** @param path of the queue @param device its name, which the params begin with @param bytes length of the params */
  constructor(
    { host, port }: Endpoint,
    path: string,
    private readonly device: string,
    bytes: number,
  ) {
    this.params = new SequenceCheck(device, bytes);
    this.start = `GET ${path}?wait=${WAIT_SECONDS}`;
    this.end = ` HTTP/1.1\r\nHost: ${host}:${port}\r\n\r\n`;
    this.first = this.start + this.end;
  }

  behind(): string {
    return `${this.start}&ack=${this.lock}${this.end}`;
  }

  take(body: string): void {
    const { name, params, seq, attempt, lock } = this.read(body);
    if (name !== QueuePolls.COMMAND || typeof params !== 'string' || typeof lock !== 'string' || lock === '') {
      throw new BenchFault(`Device ${this.device} got ${excerpt(body)}, which is no command of the bench.`);
    }
    this.params.take(params);
    if (attempt !== 1 || seq !== this.params.expected) {
      throw new BenchFault(
        `Device ${this.device} got command ${seq} in delivery ${attempt}; command ${this.params.expected} was due in its first.`,
      );
    }
    this.lock = lock;
  }

  /** @throws BenchFault when fewer came. @param sent commands that were sent */
  finish(sent: number): void {
    this.params.finish(sent);
  }

  private read(body: string): WireCommand {
    try {
      return JSON.parse(body) ?? {};
    } catch (error) {
      throw new BenchFault(`Device ${this.device} got ${excerpt(body)}, which is no JSON.`, { cause: error });
    }
  }
}
