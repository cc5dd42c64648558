import { checkDeviceId } from '../../devices/device-id.js';
import type { VirtualHub } from '../hub/virtual-hub.js';
import { timeOf } from '../time/time-of.js';
import { DeviceLink } from './device-link.js';
import { DeviceWork } from './device-work.js';
import type { CommandAnswer, ReceivedCommand } from './received-command.js';

/**
 * A device that a test plays: it polls for commands and answers them as the test says. It is there from its first mention
 * on, and outlives a restart of the hub, as devices do.
 */
export class FakeDevice {
  private readonly link: DeviceLink;
  private readonly work: DeviceWork;

  /** @param emit posts an event of this device, and settles */
  constructor(
    readonly id: string,
    hub: VirtualHub,
    private readonly post: (type: string, payload: unknown) => Promise<void>,
  ) {
    checkDeviceId(id);
    this.work = new DeviceWork(hub, (command, result) => this.link.report(command, result));
    this.link = new DeviceLink(id, hub, (command) => this.work.take(command));
    this.link.connect();
  }

  /**
   * Says how it answers a command from now on. One that has no answer is taken, and nothing is ever said of it but that.
   * @param answer gives `{ status, data? }`: 2xx done, 4xx refused, 5xx failed; nothing is 200, and what it throws 500
   */
  answer(name: string, answer: CommandAnswer): this {
    this.work.answers.set(name, answer);
    return this;
  }

  /** What it was handed so far, in that order; what was handed out again is there again, with a higher `attempt`. */
  commands(): readonly ReceivedCommand[] {
    return this.work.received;
  }

  /** Posts an event, and waits until all that it causes has settled. @throws as `hub.emit`; Error while it is offline */
  async emit(type: string, payload?: unknown): Promise<void> {
    if (!this.link.isOnline) {
      throw new Error(`"${this.id}" is offline and cannot post an event: call online() before.`);
    }
    const isTwice = this.link.takeDuplicate();
    await this.post(type, payload);
    if (isTwice) await this.post(type, payload);
  }

  /** Breaks its connection: it neither polls nor tells anything until `online`. What it does, it goes on doing. */
  offline(): this {
    this.link.disconnect();
    return this;
  }

  /** It is back, tells what it could not tell, and polls. */
  online(): this {
    this.link.connect();
    return this;
  }

  /** Loses what it tells next of a command, whether a result or that it has it: the hub hands the command out again. */
  dropNextAck(): this {
    this.link.losesNext = true;
    return this;
  }

  /** Tells the next thing twice, an event or a result, as a device does whose answer was lost. */
  duplicateNext(): this {
    this.link.repeatsNext = true;
    return this;
  }

  /** Takes that long for each command from now on, before it answers; `'0s'`: none. */
  slow(time: string | number): this {
    this.work.takesMs = timeOf(time);
    return this;
  }

  /** The hub at the other end is no more. */
  hubIsDown(): void {
    this.link.hubIsDown();
  }

  /** There is one again. */
  hubIsUp(): void {
    this.link.hubIsUp();
  }
}
