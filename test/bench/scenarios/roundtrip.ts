import type { LoadJob } from '../load/load-job.js';
import type { Polls } from '../load/reader.js';
import { postRequest } from '../load/requests.js';
import { messageBody } from '../measure/message-body.js';
import { SequenceCheck } from '../measure/message-check.js';
import { filled } from '../peers/peer.js';
import { channelPolls, type DeviceLine, DeviceScenario } from './device-scenario.js';
import type { Scenario } from './scenario.js';

/** Devices on channels of their own: a command is published to each, the device gets it and polls again. */
export function openRoundtrip(job: LoadJob): Promise<Scenario> {
  return DeviceScenario.open(job, (index) => new NumberedLine(job, `roundtrip-${index}`));
}

class NumberedLine implements DeviceLine {
  readonly polls: Polls;
  readonly check: SequenceCheck;
  private readonly path: string;
  private published = 0;

  constructor(
    private readonly job: LoadJob,
    private readonly channel: string,
  ) {
    this.polls = channelPolls(job, channel);
    this.check = new SequenceCheck(channel, job.bodyBytes);
    this.path = filled(job.target.publishPath, { id: channel });
  }

  nextRequest(): string {
    const body = messageBody(this.channel, this.published++, this.job.bodyBytes);
    return postRequest(this.job.target.endpoint, this.path, body);
  }

  finish(): void {
    this.check.finish(this.published);
  }
}
