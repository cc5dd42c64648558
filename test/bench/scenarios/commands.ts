import { BenchFault } from '../bench-fault.js';
import type { LoadJob } from '../load/load-job.js';
import { QueuePolls } from '../load/queue-polls.js';
import { postRequest } from '../load/requests.js';
import { messageBody } from '../measure/message-body.js';
import { filled } from '../peers/peer.js';
import { type DeviceLine, DeviceScenario } from './device-scenario.js';
import type { Scenario } from './scenario.js';

/**
 * Devices with a poll of their queue open; a producer sends one of them a command, the device gets it, and its next poll
 * acknowledges it.
 */
export function openCommands(job: LoadJob): Promise<Scenario> {
  const { queuePath } = job.target;
  if (queuePath === undefined) throw new BenchFault('This server keeps no queues of commands.');
  return DeviceScenario.open(job, (index) => new QueueLine(job, `fan-${index}`, queuePath));
}

class QueueLine implements DeviceLine {
  readonly polls: QueuePolls;
  readonly check: QueuePolls;
  private readonly path: string;
  private sent = 0;

  constructor(
    private readonly job: LoadJob,
    private readonly device: string,
    queuePath: string,
  ) {
    this.path = filled(queuePath, { id: device });
    this.polls = new QueuePolls(job.target.endpoint, this.path, device, job.bodyBytes);
    this.check = this.polls;
  }

  nextRequest(): string {
    const params = messageBody(this.device, this.sent++, this.job.bodyBytes);
    const body = JSON.stringify({ name: QueuePolls.COMMAND, params });
    return postRequest(this.job.target.endpoint, this.path, body, 'application/json');
  }

  finish(): void {
    this.check.finish(this.sent);
  }
}
