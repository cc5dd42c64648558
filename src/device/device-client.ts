import { randomUUID } from 'node:crypto';
import { type RetryTimes, waitAfter } from './backoff.js';
import type { CommandHandler } from './command.js';
import { CommandRunner } from './command-runner.js';
import { type CommandSource, LocationSource, QueueSource } from './command-source.js';
import { EventOutbox } from './event-outbox.js';
import { HubRefusal, HubRequests } from './hub-requests.js';
import { repeatedly } from './repeatedly.js';

export interface DeviceClientOptions {
  /** where the hub's door for devices is: `https://hub.example` */
  readonly hub: string | URL;
  /** 1 to 128 of `A-Z a-z 0-9 . _ : -` */
  readonly id: string;
  /** header lines of every request, such as Authorization */
  readonly headers?: Readonly<Record<string, string>>;
  /** how long a poll waits; less than what the way to the hub cuts. 55 when left out */
  readonly waitSeconds?: number;
  /** how long to wait before trying again, 1 s to 60 s when left out */
  readonly retry?: RetryTimes;
  /** events that wait while the hub is away; one more drops the oldest. 1,000 when left out */
  readonly maxWaitingEvents?: number;
  /** poll a push-module location instead of /v1, its path and query up to the channel's id: `/sub?id=` */
  readonly location?: string;
  /** told of every failure that the client goes on from by itself, and of events that the hub refused */
  readonly onTrouble?: (error: Error) => void;
}

const DEVICE_ID = /^[A-Za-z0-9._:-]{1,128}$/;

/**
 * A device: does what its commands say, one after the other, and reports events. It polls for as long as it runs, and goes
 * on by itself after whatever happens to the hub or to the way there.
 */
export class DeviceClient {
  private readonly runner = new CommandRunner();
  private readonly source: CommandSource;
  private readonly outbox: EventOutbox;
  private readonly retry: RetryTimes;
  private readonly stopping = new AbortController();
  private polling: Promise<void> | undefined;
  private sending: Promise<void> | undefined;

  /** @throws RangeError for an id that is none, TypeError for a hub that is no URL */
  constructor(private readonly options: DeviceClientOptions) {
    const { hub, id, headers, waitSeconds = 55, location, maxWaitingEvents = 1_000 } = options;
    if (!DEVICE_ID.test(id)) {
      throw new RangeError(`"${id}" is not a device id: it must be 1 to 128 of the characters A-Z a-z 0-9 . _ : -`);
    }
    const requests = new HubRequests(hub, { 'Signalbox-Session': randomUUID(), ...headers });
    const source = { device: id, waitSeconds };
    this.source =
      location === undefined ? new QueueSource(requests, source) : new LocationSource(requests, source, location);
    this.outbox = new EventOutbox(requests, { device: id, maxEvents: maxWaitingEvents });
    this.retry = options.retry ?? { leastMs: 1_000, mostMs: 60_000 };
  }

  /** Events that the hub does not have yet. */
  get waitingEvents(): number {
    return this.outbox.size;
  }

  /** Events that were dropped because too many waited. */
  get droppedEvents(): number {
    return this.outbox.dropped;
  }

  /** Says what to do for commands of a name. Call it before `start`. @throws RangeError when the name has a handler */
  handle(name: string, handler: CommandHandler): this {
    this.runner.handle(name, handler);
    return this;
  }

  /**
   * Reports an event: it is sent when the hub can be reached, behind those before it.
   * @throws TypeError when `data` cannot be written as JSON
   */
  report(type: string, data?: unknown): void {
    this.outbox.add(type, data);
    // Not at once, so that what is reported together goes out together.
    this.sending ??= Promise.resolve().then(() => this.sendAll());
  }

  /** Resolves when the hub has every event. @throws Error when the device is stopped before */
  reported(): Promise<void> {
    return this.outbox.emptied();
  }

  /** Begins to poll for commands. */
  start(): this {
    this.polling ??= repeatedly(() => this.pollOnce(), this.repeatOptions());
    return this;
  }

  /** Ends the open poll and waits until the command under way is done; events that wait stay unsent. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await Promise.all([this.polling, this.sending]);
    this.outbox.close();
  }

  private async pollOnce(): Promise<void> {
    const { signal } = this.stopping;
    const askedAt = performance.now();
    const command = await this.source.next(signal);
    if (!command) return refuseHaste(performance.now() - askedAt);
    const outcome = await this.runner.run(command);
    // Its outcome is remembered: should telling it fail, the hub hands the command out again and is told then.
    await this.source.settle(command, outcome, signal);
  }

  private async sendAll(): Promise<void> {
    const { signal } = this.stopping;
    const isDone = () => this.outbox.size === 0;
    // Asked again: one may have been reported after the last turn.
    while (!isDone() && !signal.aborted) {
      await repeatedly(() => this.outbox.sendSome(signal), { ...this.repeatOptions(), isDone });
    }
    this.sending = undefined;
  }

  private repeatOptions() {
    const { onTrouble = () => {} } = this.options;
    const waitMs = (error: Error, failures: number) => {
      const asked = error instanceof HubRefusal ? (error.retryAfterMs ?? 0) : 0;
      return Math.max(asked, waitAfter(failures, this.retry));
    };
    return { signal: this.stopping.signal, waitMs, onTrouble, isDone: () => false };
  }
}

/** A poll that ends sooner without a command did not wait. */
const LEAST_POLL_MS = 500;

/** Makes a failure of a poll that did not wait: asking again at once would be a hot loop. */
function refuseHaste(tookMs: number): void {
  if (tookMs < LEAST_POLL_MS)
    throw new Error(`The hub ended the poll after ${Math.round(tookMs)} ms without a command.`);
}
