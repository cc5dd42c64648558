import { BenchFault } from '../bench-fault.js';
import type { LoadBounds } from '../load/budget.js';
import { Connection } from '../load/connection.js';
import { FLOW_WINDOW } from '../load/device-flow.js';
import type { LoadJob } from '../load/load-job.js';
import { Publishers } from '../load/publishers.js';
import { Reader } from '../load/reader.js';
import { PollRequests, postRequest } from '../load/requests.js';
import { watched } from '../load/watchdog.js';
import { messageBody } from '../measure/message-body.js';
import { SequenceCheck } from '../measure/message-check.js';
import { filled } from '../peers/peer.js';
import { awaitStrays, type Scenario } from './scenario.js';

/** Of the polls, so many (one in ten) are opened, answered and closed before the server's memory is looked at first. */
const WARM_UP_SHARE = 0.1;

/** Polls on channels of their own that are opened and wait: what is measured is the memory that they take. */
export class Park implements Scenario {
  private readonly readers: Reader<SequenceCheck>[] = [];
  private arrivals = 0;
  private allArrived: () => void = () => {};

  private constructor(
    private readonly job: LoadJob,
    private readonly publishers: Publishers,
  ) {}

  static async open(job: LoadJob): Promise<Park> {
    return new Park(job, new Publishers(job.target.endpoint, FLOW_WINDOW));
  }

  async warmUp(): Promise<void> {
    await this.park('park-warm-up', Math.ceil(this.job.connections * WARM_UP_SHARE));
    await this.publishers.open();
    // Some of these polls may still be on their way, so that their publishers are told that nobody waits.
    await this.answerAll([201, 202]);
    this.closeReaders();
  }

  /** Opens all polls. How many is given by the connections, so that the bounds do not matter. */
  async drive(_bounds: LoadBounds): Promise<number> {
    await this.park('park', this.job.connections);
    return this.readers.length;
  }

  /** Each poll must be parked, and be answered with the one message of its channel. */
  async verify(): Promise<void> {
    await this.answerAll([201]);
    await awaitStrays();
    for (const { check } of this.readers) check.finish(1);
  }

  close(): void {
    this.publishers.close();
    this.closeReaders();
  }

  private async park(name: string, count: number): Promise<void> {
    const { target, bodyBytes } = this.job;
    await Connection.openMany(target.endpoint, count, (connection, index) => {
      const stream = `${name}-${index}`;
      const requests = new PollRequests(target.endpoint, filled(target.subscribePath, { id: stream }));
      const reader = new Reader(connection, requests, new SequenceCheck(stream, bodyBytes), this.arrived);
      this.readers.push(reader);
      reader.poll();
    });
  }

  /** @param expected what the publishers may be answered: 201 when their polls are parked */
  private async answerAll(expected: readonly number[]): Promise<void> {
    this.arrivals = 0;
    const arrived = new Promise<void>((resolve) => {
      this.allArrived = resolve;
    });
    const answered = this.readers.map(({ check }) => this.publishTo(check.stream, expected));
    const missing = () => `${this.readers.length - this.arrivals} polls wait for their message`;
    await watched(Promise.all([arrived, ...answered]), () => this.arrivals, missing);
  }

  private publishTo(stream: string, expected: readonly number[]): Promise<void> {
    const { target, bodyBytes } = this.job;
    const path = filled(target.publishPath, { id: stream });
    return new Promise((resolve) => {
      this.publishers.post(postRequest(target.endpoint, path, messageBody(stream, 0, bodyBytes)), (status) => {
        if (!expected.includes(status)) {
          throw new BenchFault(
            `The poll on "${stream}" was not parked: its publisher was answered ${status}, not 201.`,
          );
        }
        resolve();
      });
    });
  }

  private closeReaders(): void {
    for (const reader of this.readers.splice(0)) reader.close();
  }

  private readonly arrived = (reader: Reader<SequenceCheck>): void => {
    reader.poll();
    this.arrivals++;
    if (this.arrivals === this.readers.length) this.allArrived();
  };
}
