import { type AdminParts } from '../../../src/admin/admin-parts.js';
import { Readiness } from '../../../src/admin/readiness.js';
import type { Channels } from '../../../src/channels/channels.js';
import { FaultLog } from '../../../src/channels/fault-log.js';
import { HubError } from '../../../src/channels/hub-error.js';
import { DeviceParts } from '../../../src/devices/device-parts.js';
import { Fleet } from '../../../src/devices/fleet.js';
import { MemoryEngine } from '../../../src/engine/memory/memory-engine.js';
import type { LogicServers } from '../../../src/logic/external/logic-servers.js';
import type { Plugins } from '../../../src/logic/plugin-status.js';
import { EventLoopMonitor } from '../../../src/telemetry/event-loop-monitor.js';
import { madeChannels } from '../../channels/support/made-channels.js';
import { RecordedLog } from '../../support/recorded-log.js';

function devicesOver(channels: Channels): DeviceParts {
  const options = {
    registration: 'open',
    maxDevices: 10,
    eventBufferLength: 10,
    eventTimeoutMs: 0,
    eventDurability: 'disk',
  } as const;
  const engine = new MemoryEngine({ now: () => channels.clock.now(), maxBytes: 1_000_000, maxMessages: 1_000 });
  return new DeviceParts({ engine, channels, options, onFault: () => {} });
}

const noPlugins: Plugins = {
  list: () => [],
  describe: () => {
    throw new HubError('plugin_not_found', 'There is none.');
  },
  whyNot: async () => ({ now: '', steps: [] }),
  timers: async () => ({ timers: [], next: undefined }),
  timer: async () => {
    throw new HubError('plugin_not_found', 'There is none.');
  },
  deadLetters: async () => [],
  deadLetter: async () => {
    throw new HubError('plugin_not_found', 'There is none.');
  },
  redrive: async () => ({ isDone: false, error: undefined }),
  shadow: () => {
    throw new HubError('plugin_not_found', 'There is none.');
  },
  reload: async () => {
    throw new HubError('plugin_not_found', 'There is none.');
  },
  reloadShadow: async () => {
    throw new HubError('plugin_not_found', 'There is none.');
  },
  deleteDeadLetter: async () => {},
};

const noJobs: AdminParts['jobs'] = {
  list: async () => [],
  find: () => Promise.reject(new Error('There are no jobs here.')),
  remove: async () => {},
  figures: { running: 0, paused: 0, stopped: 0, over: 0, devicesWaiting: 0 },
};

const notThere = () => {
  throw new HubError('plugin_not_found', 'There is none.');
};

const noLogicServers: LogicServers = { nextTurns: notThere, answerTurn: notThere, readState: notThere };

/** What an admin application needs, without a hub around it. */
export function madeAdminParts(changed: Partial<AdminParts> = {}): AdminParts {
  const { channels, clock } = madeChannels();
  const logger = new RecordedLog();
  return {
    channels,
    clock,
    logger,
    faults: new FaultLog(logger, clock),
    loop: new EventLoopMonitor(clock),
    fleet: new Fleet(clock, { maxDevices: 10 }),
    devices: devicesOver(channels),
    commands: {
      find: () => Promise.reject(new Error('There are no commands here.')),
      locate: async () => undefined,
      ended: 0,
      openQueues: 0,
    },
    jobs: noJobs,
    plugins: noPlugins,
    logicServers: noLogicServers,
    readiness: new Readiness(),
    limits: {
      maxChannels: 10_000,
      maxMessages: 100_000,
      maxConnections: 1_000,
      maxReceivingBytes: 1_000_000,
      maxDevices: 10,
      maxEndedCommands: 100,
      maxRunningJobs: 16,
      maxJobs: 100,
    },
    diskStats: () => undefined,
    doorStats: async () => ({ connections: 0, inFastLane: 0, servedByFastLane: 0, handedOver: 0, receivingBytes: 0 }),
    ...changed,
  };
}
