import type { LoadBounds } from '../load/budget.js';
import { Connection } from '../load/connection.js';
import { DeviceFlow, FLOW_WINDOW, FlowDevice } from '../load/device-flow.js';
import type { LoadJob } from '../load/load-job.js';
import { Publishers } from '../load/publishers.js';
import { Reader } from '../load/reader.js';
import { PollRequests } from '../load/requests.js';
import { Latencies } from '../measure/latencies.js';
import type { MessageCheck } from '../measure/message-check.js';
import { filled, type Target } from '../peers/peer.js';
import { awaitStrays, type Scenario } from './scenario.js';

/** One device's messages: what makes the server send them, and what must arrive. */
export interface DeviceLine {
  /** the channel that the device polls */
  readonly channel: string;
  readonly check: MessageCheck;
  /** the request that makes the server send the device its next message */
  nextRequest(): string;
  /** Everything sent has arrived. @throws BenchFault when that is not what was asked for */
  finish(): void;
}

/** Devices, each polling a channel of its own; what is sent to one must come back through its poll. */
export class DeviceScenario implements Scenario {
  private readonly readers: Reader[];
  private readonly flow: DeviceFlow;

  private constructor(
    private readonly job: LoadJob,
    private readonly lines: readonly DeviceLine[],
    connections: readonly Connection[],
    private readonly publishers: Publishers,
  ) {
    const devices = lines.map((_, index) => new FlowDevice(index));
    this.flow = new DeviceFlow(devices, (device) => this.send(device));
    this.readers = devices.map((device) => this.readerOf(device, job.target, connections[device.index] as Connection));
    for (const reader of this.readers) reader.poll();
  }

  static async open(job: LoadJob, lineOf: (index: number) => DeviceLine): Promise<Scenario> {
    const { endpoint } = job.target;
    const connections = await Connection.openMany(endpoint, job.connections);
    const publishers = await Publishers.open(endpoint, FLOW_WINDOW);
    return new DeviceScenario(
      job,
      Array.from(connections, (_, index) => lineOf(index)),
      connections,
      publishers,
    );
  }

  /** At full pace: at a rate the server's compilers would still be at work when the measuring begins. */
  async warmUp(bounds: LoadBounds): Promise<void> {
    await this.flow.drive(bounds, new Latencies());
  }

  drive(bounds: LoadBounds, latencies: Latencies): Promise<number> {
    return this.flow.drive(bounds, latencies, this.job.rate);
  }

  async verify(): Promise<void> {
    await awaitStrays();
    for (const line of this.lines) line.finish();
  }

  close(): void {
    this.publishers.close();
    for (const reader of this.readers) reader.close();
  }

  private readerOf(device: FlowDevice, target: Target, connection: Connection): Reader {
    const { channel, check } = this.lines[device.index] as DeviceLine;
    const requests = new PollRequests(target.endpoint, filled(target.subscribePath, { id: channel }));
    return new Reader(connection, requests, check, (reader) => {
      reader.poll();
      this.flow.arrived(device);
    });
  }

  private send(device: FlowDevice): void {
    const request = (this.lines[device.index] as DeviceLine).nextRequest();
    this.publishers.post(request, () => this.flow.posted(device));
  }
}
