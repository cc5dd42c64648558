import type { Commands } from '../../commands/commands.js';
import type { Jobs } from '../../commands/jobs/jobs.js';
import type { DeviceEvents } from '../../devices/device-events.js';
import { checkDeviceId } from '../../devices/device-id.js';
import { refuseMethod } from '../answer-with.js';
import type { DeviceRoute } from '../device-route.js';
import type { Exchange } from '../exchange.js';
import type { JobRoute } from '../job-route.js';
import type { PollTimes } from './asked.js';
import { type PollParts, pollCommands } from './device-poll.js';
import { JobsApi } from './jobs/jobs-api.js';
import { postEvent } from './post-event.js';
import { cancelCommand, getCommand, getHistory, postCommand, redriveCommand } from './producer.js';
import { RegistryApi, type RegistryApiParts } from './registry-api.js';
import { postReport } from './report.js';

export interface DeviceApiParts extends RegistryApiParts {
  readonly jobs: Jobs;
  readonly events: DeviceEvents;
  readonly times: Omit<PollTimes, 'leaseMs'>;
  /** unix ms */
  readonly now: () => number;
}

/** /v1/devices/… and /v1/commands…: what devices report and poll for, and what producers send them (docs/commands.md). */
export class DeviceApi {
  private readonly events: DeviceEvents;
  private readonly commands: Commands;
  private readonly polls: PollParts;
  private readonly itself: RegistryApi;
  private readonly jobs: JobsApi;

  constructor(parts: DeviceApiParts) {
    const { events, commands, jobs, registry, times, now } = parts;
    this.events = events;
    this.commands = commands;
    this.polls = { commands, registry, times: { ...times, leaseMs: commands.rules.leaseMs }, now };
    this.itself = new RegistryApi(parts);
    this.jobs = new JobsApi(jobs);
  }

  /** Answers a request, or lets it wait. @throws HubError, which is its answer */
  serve(route: DeviceRoute | JobRoute, exchange: Exchange): void {
    const { method } = exchange;
    const { commands } = this;
    switch (route.kind) {
      case 'device':
        return this.itself.serve(route, exchange);
      case 'event':
        return method === 'POST' ? postEvent(exchange, route, this.events, this.polls) : refuseMethod(exchange, 'POST');
      case 'commands':
        return this.serveQueue(route.device, exchange);
      case 'next-commands':
        return method === 'POST' ? pollCommands(exchange, route.device, this.polls) : refuseMethod(exchange, 'POST');
      case 'command':
        if (method === 'GET') return getCommand(exchange, commands, route);
        return method === 'DELETE' ? cancelCommand(exchange, commands, route) : refuseMethod(exchange, 'GET, DELETE');
      case 'history':
        return method === 'GET' ? getHistory(exchange, commands, route) : refuseMethod(exchange, 'GET');
      case 'redrive':
        return method === 'POST' ? redriveCommand(exchange, commands, route) : refuseMethod(exchange, 'POST');
      case 'report':
        return this.serveReport(route, exchange);
      default:
        return this.jobs.serve(route, exchange);
    }
  }

  private serveReport(route: Extract<DeviceRoute, { kind: 'report' }>, exchange: Exchange): void {
    if (exchange.method !== 'POST') return refuseMethod(exchange, 'POST');
    const device = this.polls.registry.asking(checkDeviceId(route.device));
    device.contacted(0);
    postReport(exchange, route, this.commands, device);
  }

  private serveQueue(device: string, exchange: Exchange): void {
    if (exchange.method === 'GET') return pollCommands(exchange, device, this.polls);
    if (exchange.method !== 'POST') return refuseMethod(exchange, 'GET, POST');
    postCommand(exchange, this.commands, device, this.polls.times.maxPollTimeoutMs);
  }
}
