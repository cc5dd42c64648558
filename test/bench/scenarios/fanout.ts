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
  private readonly readers: Reader<SequenceCheck>[];
  private readonly publishPath: string;
  private latencies = new Latencies();
  private published = 0;
  private publishedAt = 0;
  private arrivals = 0;
  private allArrived: () => void = () => {};

  private constructor(
    private readonly job: LoadJob,
    connections: readonly Connection[],
    private readonly publishers: Publishers,
  ) {
    const { target, bodyBytes } = job;
    this.publishPath = filled(target.publishPath, { id: STREAM });
    const requests = new PollRequests(target.endpoint, filled(target.subscribePath, { id: STREAM }));
    this.readers = connections.map(
      (connection) => new Reader(connection, requests, new SequenceCheck(STREAM, bodyBytes), this.arrived),
    );
    for (const reader of this.readers) reader.poll();
  }

  static async open(job: LoadJob): Promise<Fanout> {
    const connections = await Connection.openMany(job.target.endpoint, job.connections);
    return new Fanout(job, connections, await Publishers.open(job.target.endpoint, 1));
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
