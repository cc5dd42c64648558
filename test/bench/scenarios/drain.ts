import { Budget, type LoadBounds } from '../load/budget.js';
import { ChannelWriter } from '../load/channel-writer.js';
import { Connection } from '../load/connection.js';
import type { LoadJob } from '../load/load-job.js';
import { StoredReader } from '../load/stored-reader.js';
import { watched } from '../load/watchdog.js';
import { Latencies } from '../measure/latencies.js';
import { BUFFER_LENGTH } from '../peers/peer.js';
import type { Scenario } from './scenario.js';

/** Readers that were away: each reads the full buffer of its channel message by message, over and over. */
export class Drain implements Scenario {
  private readonly readers: StoredReader[];
  private latencies = new Latencies();
  private read = 0;

  private constructor(
    { target, bodyBytes }: LoadJob,
    private readonly connections: readonly Connection[],
  ) {
    this.readers = connections.map((connection, index) => {
      const stored = { channel: channelOf(index), first: 0, end: BUFFER_LENGTH, bodyBytes };
      return new StoredReader(connection, target, stored, this.took);
    });
  }

  static async open(job: LoadJob): Promise<Drain> {
    const connections = await Connection.openMany(job.target.endpoint, job.connections);
    const filling = connections.map((connection, index) =>
      new ChannelWriter(connection, job.target, channelOf(index), job.bodyBytes).fill(BUFFER_LENGTH),
    );
    await Promise.all(filling);
    return new Drain(job, connections);
  }

  async warmUp(bounds: LoadBounds): Promise<void> {
    await this.drive(bounds, new Latencies());
  }

  async drive(bounds: LoadBounds, latencies: Latencies): Promise<number> {
    const budget = new Budget(bounds);
    const before = this.read;
    this.latencies = latencies;
    const lines = this.readers.map((reader) => readUntil(budget, reader));
    await watched(
      Promise.all(lines),
      () => this.read,
      () => 'readers wait for stored messages',
    );
    return this.read - before;
  }

  /** Every pass was checked from the first to the last message; there is nothing left to arrive. */
  async verify(): Promise<void> {}

  close(): void {
    for (const connection of this.connections) connection.close();
  }

  private readonly took = (latencyMs: number): void => {
    this.latencies.add(latencyMs);
    this.read++;
  };
}

function channelOf(index: number): string {
  return `drain-${index}`;
}

/** A buffer that was begun is read to its end. */
async function readUntil(budget: Budget, reader: StoredReader): Promise<void> {
  while (budget.take(BUFFER_LENGTH)) await reader.readAll();
}
