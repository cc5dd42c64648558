import type { Latencies } from '../measure/latencies.js';
import { Budget, type LoadBounds } from './budget.js';
import { Fifo } from './fifo.js';
import { ClosedLoop, FixedRate, type Pace } from './pace.js';
import { watched } from './watchdog.js';

/** What the flow has to know about a device. */
export class FlowDevice {
  startedAt = 0;
  /** what is still to come of its present message: the publisher's answer, and the message at the device */
  outstanding = 0;

  constructor(readonly index: number) {}
}

/** Publishers' connections, and messages that are under way at a time when no rate is given. */
export const FLOW_WINDOW = 64;
const TICK_MS = 1;

/** Sends each device a message, in turns, and again when it has got the last and polls again. */
export class DeviceFlow {
  private readonly ready = new Fifo<FlowDevice>();
  private latencies: Latencies | undefined;
  private pace: Pace | undefined;
  private inFlight = 0;
  private delivered = 0;
  private ended: () => void = () => {};

  /** @param send publishes the device's next message; `posted` and `arrived` must follow, in any order */
  constructor(
    devices: readonly FlowDevice[],
    private readonly send: (device: FlowDevice) => void,
  ) {
    for (const device of devices) this.ready.push(device);
  }

  /**
   * Runs until the bounds are reached and everything under way has arrived.
   * @param rate messages a second; undefined: as fast as they come back
   * @returns messages delivered
   */
  async drive(bounds: LoadBounds, latencies: Latencies, rate?: number): Promise<number> {
    const budget = new Budget(bounds);
    this.latencies = latencies;
    this.delivered = 0;
    const end = new Promise<void>((resolve) => {
      this.ended = resolve;
    });
    const stopTicking = this.begin(budget, rate);
    await watched(
      end,
      () => this.delivered,
      () => `${this.inFlight} messages are under way`,
    ).finally(stopTicking);
    return this.delivered;
  }

  /** The publisher of the device's message was answered. */
  posted(device: FlowDevice): void {
    this.settle(device);
  }

  /** The device has its message and polls again. */
  arrived(device: FlowDevice): void {
    this.latencies?.add(performance.now() - device.startedAt);
    this.delivered++;
    this.settle(device);
  }

  private begin(budget: Budget, rate: number | undefined): () => void {
    if (rate === undefined) {
      this.pace = new ClosedLoop(budget, FLOW_WINDOW);
      this.pump();
      return () => {};
    }
    const pace = new FixedRate(budget, rate);
    this.pace = pace;
    const timer = setInterval(() => {
      pace.tick();
      this.pump();
    }, TICK_MS);
    return () => clearInterval(timer);
  }

  private settle(device: FlowDevice): void {
    device.outstanding--;
    if (device.outstanding > 0) return;
    this.inFlight--;
    this.ready.push(device);
    this.pump();
  }

  private pump(): void {
    while (this.ready.length > 0) {
      const startedAt = this.pace?.next(this.inFlight);
      if (startedAt === undefined) break;
      const device = this.ready.shift() as FlowDevice;
      device.startedAt = startedAt;
      device.outstanding = 2;
      this.inFlight++;
      this.send(device);
    }
    if (this.inFlight === 0 && this.pace?.isOver) this.ended();
  }
}
