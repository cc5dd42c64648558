import { BenchFault } from '../bench-fault.js';
import { Budget, type LoadBounds } from '../load/budget.js';
import { ChannelWriter } from '../load/channel-writer.js';
import { Connection } from '../load/connection.js';
import type { LoadJob } from '../load/load-job.js';
import { StoredReader } from '../load/stored-reader.js';
import { watched } from '../load/watchdog.js';
import { Latencies } from '../measure/latencies.js';
import { BUFFER_LENGTH } from '../peers/peer.js';
import type { Scenario } from './scenario.js';

/** Publishers on channels that nobody reads: the server takes each message and trims the channel's buffer. */
export class Publish implements Scenario {
  private readonly writers: ChannelWriter[];
  private taken = 0;

  private constructor(
    private readonly job: LoadJob,
    private readonly connections: readonly Connection[],
  ) {
    this.writers = connections.map(
      (connection, index) => new ChannelWriter(connection, job.target, `publish-${index}`, job.bodyBytes),
    );
  }

  static async open(job: LoadJob): Promise<Publish> {
    return new Publish(job, await Connection.openMany(job.target.endpoint, job.connections));
  }

  async warmUp(bounds: LoadBounds): Promise<void> {
    await this.drive(bounds, new Latencies());
  }

  async drive(bounds: LoadBounds, latencies: Latencies): Promise<number> {
    const before = this.taken;
    const budget = new Budget(bounds);
    const lines = this.writers.map((writer) => this.publishUntil(budget, writer, latencies));
    await watched(
      Promise.all(lines),
      () => this.taken,
      () => 'publishers wait for their answers',
    );
    return this.taken - before;
  }

  /** Each channel must hold exactly its last messages, in order. */
  async verify(): Promise<void> {
    let read = 0;
    const lines = this.writers.map(({ channel, published }, index) => {
      const { target, bodyBytes } = this.job;
      const stored = { channel, first: Math.max(0, published - BUFFER_LENGTH), end: published, bodyBytes };
      const reader = new StoredReader(this.connections[index] as Connection, target, stored, () => read++);
      return published === 0 ? undefined : reader.readAll();
    });
    await watched(
      Promise.all(lines),
      () => read,
      () => 'stored messages are missing',
    );
  }

  close(): void {
    for (const connection of this.connections) connection.close();
  }

  private publishUntil(budget: Budget, writer: ChannelWriter, latencies: Latencies): Promise<void> {
    return new Promise((resolve) => {
      let sentAt = 0;
      const next = () => {
        if (!budget.take()) return resolve();
        sentAt = performance.now();
        writer.publish(({ status }) => {
          if (status !== 202) throw new BenchFault(`A message that nobody waits for was answered ${status}, not 202.`);
          latencies.add(performance.now() - sentAt);
          this.taken++;
          next();
        });
      };
      next();
    });
  }
}
