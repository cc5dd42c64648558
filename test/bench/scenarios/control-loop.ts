import { BenchFault } from '../bench-fault.js';
import type { LoadJob } from '../load/load-job.js';
import type { Polls } from '../load/reader.js';
import { postRequest } from '../load/requests.js';
import { CommandCheck } from '../measure/command-check.js';
import { filled } from '../peers/peer.js';
import { channelPolls, type DeviceLine, DeviceScenario } from './device-scenario.js';
import type { Scenario } from './scenario.js';

const HOT_CELSIUS = 31.5;
const COOL_CELSIUS = 27;

/**
 * Devices report temperatures, by turns above and below the thermostat's limits; each report makes the logic send one
 * command, which must reach the device's open poll.
 */
export function openControlLoop(job: LoadJob): Promise<Scenario> {
  return DeviceScenario.open(job, (index) => new ThermostatLine(job, `fan-${index}`));
}

class ThermostatLine implements DeviceLine {
  readonly polls: Polls;
  readonly check: CommandCheck;
  private readonly hot: string;
  private readonly cool: string;
  private reported = 0;
  private readonly channel: string;

  constructor(job: LoadJob, device: string) {
    const { target } = job;
    this.channel = filled(target.commandChannel, { id: device });
    this.polls = channelPolls(job, this.channel);
    this.check = new CommandCheck(device);
    const path = filled(target.eventPath, { id: device });
    const report = (celsius: number) =>
      postRequest(target.endpoint, path, filled(target.eventBody, { id: device, celsius }), 'application/json');
    this.hot = report(HOT_CELSIUS);
    this.cool = report(COOL_CELSIUS);
  }

  nextRequest(): string {
    return this.reported++ % 2 === 0 ? this.hot : this.cool;
  }

  finish(): void {
    const { received } = this.check;
    if (received === this.reported) return;
    throw new BenchFault(`${this.channel}: ${this.reported} reports brought ${received} commands, not one each.`);
  }
}
