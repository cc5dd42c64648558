import type { LoadBounds } from '../load/budget.js';
import { Connection } from '../load/connection.js';
import { DeviceFlow, FLOW_WINDOW, FlowDevice } from '../load/device-flow.js';
import type { LoadJob } from '../load/load-job.js';
import { Publishers } from '../load/publishers.js';
import { type Polls, Reader } from '../load/reader.js';
import { PollRequests } from '../load/requests.js';
import { Latencies } from '../measure/latencies.js';
import type { MessageCheck } from '../measure/message-check.js';
import { filled } from '../peers/peer.js';
import { awaitStrays, type Scenario } from './scenario.js';

/** One device's messages: what makes the server send them, and what must arrive. */
export interface DeviceLine {
  readonly polls: Polls;
  readonly check: MessageCheck;
  /** the request that makes the server send the device its next message */
  nextRequest(): string;
  /** Everything sent has arrived. @throws BenchFault when that is not what was asked for */
  finish(): void;
}

/** What a device sends that polls a channel. */
export function channelPolls({ target }: LoadJob, channel: string): Polls {
  return new PollRequests(target.endpoint, filled(target.subscribePath, { id: channel }));
}

/** Devices, each polling a channel or a queue of its own; what is sent to one must come back through its poll. */
export class DeviceScenario implements Scenario {
  private readonly readers: Reader[] = [];
  private readonly devices: readonly FlowDevice[];
  private readonly flow: DeviceFlow;

  private constructor(
    private readonly job: LoadJob,
    private readonly lines: readonly DeviceLine[],
    private readonly publishers: Publishers,
  ) {
    this.devices = lines.map((_, index) => new FlowDevice(index));
    this.flow = new DeviceFlow(this.devices, (device) => this.send(device));
  }

  static async open(job: LoadJob, lineOf: (index: number) => DeviceLine): Promise<Scenario> {
    const { endpoint } = job.target;
    const lines = Array.from({ length: job.connections }, (_, index) => lineOf(index));
    const scenario = new DeviceScenario(job, lines, new Publishers(endpoint, FLOW_WINDOW));
    await Connection.openMany(endpoint, job.connections, (connection, index) => scenario.addReader(connection, index));
    await scenario.publishers.open();
    return scenario;
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

  private addReader(connection: Connection, index: number): void {
    const { polls, check } = this.lines[index] as DeviceLine;
    const device = this.devices[index] as FlowDevice;
    const reader = new Reader(connection, polls, check, () => {
      reader.poll();
      this.flow.arrived(device);
    });
    this.readers.push(reader);
    reader.poll();
  }

  private send(device: FlowDevice): void {
    const request = (this.lines[device.index] as DeviceLine).nextRequest();
    this.publishers.post(request, () => this.flow.posted(device));
  }
}
