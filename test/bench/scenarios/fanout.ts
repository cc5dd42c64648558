import { Budget, type LoadBounds } from '../load/budget.js';
import { Connection } from '../load/connection.js';
import type { LoadJob } from '../load/load-job.js';
import { Publishers } from '../load/publishers.js';
import { Reader } from '../load/reader.js';
import { PollRequests, postRequest } from '../load/requests.js';
import { watched } from '../load/watchdog.js';
import { Latencies } from '../measure/latencies.js';
import { messageBody } from '../measure/message-body.js';
import { SequenceCheck } from '../measure/message-check.js';
import { filled } from '../peers/peer.js';
import { awaitStrays, type Scenario } from './scenario.js';

const STREAM = 'fanout';

/** Many polls on one channel: each message goes to all of them, and all poll again before the next one is published. */
export class Fanout implements Scenario {
  private readonly readers: Reader<SequenceCheck>[] = [];
  private readonly publishPath: string;
  private readonly requests: PollRequests;
  private latencies = new Latencies();
  private published = 0;
  private publishedAt = 0;
  private arrivals = 0;
  private allArrived: () => void = () => {};

  private constructor(
    private readonly job: LoadJob,
    private readonly publishers: Publishers,
  ) {
    const { target } = job;
    this.publishPath = filled(target.publishPath, { id: STREAM });
    this.requests = new PollRequests(target.endpoint, filled(target.subscribePath, { id: STREAM }));
  }

  static async open(job: LoadJob): Promise<Fanout> {
    const { endpoint } = job.target;
    const fanout = new Fanout(job, new Publishers(endpoint, 1));
    await Connection.openMany(endpoint, job.connections, (connection) => fanout.addReader(connection));
    await fanout.publishers.open();
    return fanout;
  }

  async warmUp(bounds: LoadBounds): Promise<void> {
    await this.drive(bounds, new Latencies());
  }

  async drive(bounds: LoadBounds, latencies: Latencies): Promise<number> {
    const budget = new Budget(bounds);
    const before = this.published;
    this.latencies = latencies;
    while (budget.take()) await this.publishOne();
    return (this.published - before) * this.readers.length;
  }

  async verify(): Promise<void> {
    await awaitStrays();
    for (const { check } of this.readers) check.finish(this.published);
  }

  close(): void {
    this.publishers.close();
    for (const reader of this.readers) reader.close();
  }

  private addReader(connection: Connection): void {
    const check = new SequenceCheck(STREAM, this.job.bodyBytes);
    const reader = new Reader(connection, this.requests, check, this.arrived);
    this.readers.push(reader);
    reader.poll();
  }

  private async publishOne(): Promise<void> {
    const { target, bodyBytes } = this.job;
    const body = messageBody(STREAM, this.published, bodyBytes);
    const sequence = this.published++;
    this.arrivals = 0;
    const arrived = new Promise<void>((resolve) => {
      this.allArrived = resolve;
    });
    this.publishedAt = performance.now();
    const answered = new Promise<void>((resolve) => {
      this.publishers.post(postRequest(target.endpoint, this.publishPath, body), () => resolve());
    });
    const missing = () => `${this.readers.length - this.arrivals} polls wait for message ${sequence}`;
    await watched(Promise.all([arrived, answered]), () => this.arrivals, missing);
  }

  private readonly arrived = (reader: Reader<SequenceCheck>): void => {
    this.latencies.add(performance.now() - this.publishedAt);
    reader.poll();
    this.arrivals++;
    if (this.arrivals === this.readers.length) this.allArrived();
  };
}
