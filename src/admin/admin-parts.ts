import type { Channels } from '../channels/channels.js';
import type { Clock } from '../channels/clock.js';
import type { FaultLog } from '../channels/fault-log.js';
import type { Commands } from '../commands/commands.js';
import type { Jobs } from '../commands/jobs/jobs.js';
import type { DeviceParts } from '../devices/device-parts.js';
import type { Fleet } from '../devices/fleet.js';
import type { EngineStats } from '../engine/engine.js';
import type { LogicServers } from '../logic/external/logic-servers.js';
import type { Plugins } from '../logic/plugin-status.js';
import type { EventLoopMonitor } from '../telemetry/event-loop-monitor.js';
import type { Logger } from '../telemetry/logger.js';
import type { Readiness } from './readiness.js';

/** What the admin application shows and acts on; all of it is made elsewhere. */
export interface AdminParts {
  readonly channels: Channels;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly faults: FaultLog;
  readonly loop: EventLoopMonitor;
  readonly fleet: Fleet;
  readonly devices: Pick<DeviceParts, 'registry' | 'desired' | 'pages'>;
  readonly commands: Pick<Commands, 'find' | 'locate' | 'ended' | 'openQueues'>;
  readonly jobs: Pick<Jobs, 'list' | 'find' | 'remove' | 'figures'>;
  readonly plugins: Plugins;
  readonly logicServers: LogicServers;
  readonly readiness: Readiness;
  readonly limits: AdminLimits;
  /** undefined: the engine keeps nothing on disk */
  diskStats(): EngineStats | undefined;
  /** of the door for devices, publishers and subscribers */
  doorStats(): Promise<DoorFigures>;
}

/** Limits of the hub that are shown beside what they bound. */
export interface AdminLimits {
  readonly maxChannels: number;
  readonly maxMessages: number;
  readonly maxConnections: number;
  readonly maxReceivingBytes: number;
  readonly maxDevices: number;
  readonly maxEndedCommands: number;
  readonly maxRunningJobs: number;
  readonly maxJobs: number;
}

export interface DoorFigures {
  readonly connections: number;
  readonly inFastLane: number;
  readonly servedByFastLane: number;
  readonly handedOver: number;
  readonly receivingBytes: number;
}
