import type { JobFigures } from '../commands/jobs/kept-jobs.js';
import type { PresenceState } from '../devices/presence.js';
import type { EngineStats } from '../engine/engine.js';
import type { EventLoopDelay } from '../telemetry/event-loop-monitor.js';
import type { ProcessStats } from '../telemetry/process-stats.js';
import type { DoorFigures } from './admin-parts.js';
import { aCount } from './described.js';
import { ApiProperty } from './documented.dto.js';
import { LogicStats } from './logic-stats.dto.js';

const ms = (description: string, example: number) => ({ type: 'number', minimum: 0, description, example }) as const;

export class ChannelFigures {
  @ApiProperty(aCount('Channels that exist.', 100_000))
  open!: number;

  @ApiProperty(aCount('`limits.max_channels`.', 1_000_000))
  limit!: number;

  @ApiProperty(aCount('Polls that wait now.', 99_871))
  subscribers!: number;

  @ApiProperty(aCount('Messages published since the start.', 1_204_331))
  published!: number;

  @ApiProperty(aCount('Polls answered with a message since the start.', 1_198_000))
  delivered!: number;
}

/** What the engine keeps on disk, and how it fares. */
export class DiskFigures implements EngineStats {
  @ApiProperty(aCount('Bytes of the data file. It never shrinks; what is free in it is used again.', 333_000_704))
  fileBytes!: number;

  @ApiProperty(aCount('Of them, holding what is stored or how it is found.', 318_767_104))
  usedBytes!: number;

  @ApiProperty(aCount('Commits since the start.', 204_117))
  commits!: number;

  @ApiProperty(aCount('Of them, those that failed.', 0))
  failures!: number;

  @ApiProperty({ description: 'false: the last commit failed, and publishers are refused.', example: true })
  isHealthy!: boolean;

  @ApiProperty(aCount('Channels that are in memory.', 99_871))
  openChannels!: number;

  @ApiProperty(aCount('Bytes of the newest messages that are in memory beside the disk.', 8_388_608))
  tailBytes!: number;
}

/** Devices by their presence. */
export class DeviceFigures implements Readonly<Record<PresenceState, number>> {
  @ApiProperty(aCount('Devices that are registered.', 100_000))
  registered!: number;

  @ApiProperty(aCount('`devices.max_devices`.', 1_000_000))
  limit!: number;

  @ApiProperty(aCount('A poll of theirs is open.', 99_871))
  listening!: number;

  @ApiProperty(aCount('Between two polls.', 112))
  expected!: number;

  @ApiProperty(aCount('Past the time at which they usually come.', 9))
  late!: number;

  @ApiProperty(aCount('Not heard of for long.', 8))
  offline!: number;
}

export class MessageFigures {
  @ApiProperty(aCount('Messages that are kept.', 20_412))
  stored!: number;

  @ApiProperty(aCount('`limits.max_messages`.', 1_000_000))
  limit!: number;

  @ApiProperty(aCount('Bytes that they are counted with.', 4_812_554))
  bytes!: number;

  @ApiProperty(aCount('`max_reserved_memory`.', 33_554_432))
  bytesLimit!: number;
}

export class CommandFigures {
  @ApiProperty(aCount('Ended commands that are kept.', 40_117))
  ended!: number;

  @ApiProperty(aCount('`devices.max_ended_commands`.', 100_000))
  endedLimit!: number;

  @ApiProperty(aCount('Devices whose queue is in memory.', 99_880))
  queuesInMemory!: number;
}

/** Jobs: one command for many devices. */
export class JobStats implements JobFigures {
  @ApiProperty(aCount('Jobs that send.', 2))
  running!: number;

  @ApiProperty(aCount('Jobs that somebody paused.', 0))
  paused!: number;

  @ApiProperty(aCount('Jobs that stopped by themselves.', 1))
  stopped!: number;

  @ApiProperty(aCount('`devices.max_running_jobs`, of these three together.', 16))
  limit!: number;

  @ApiProperty(aCount('Jobs that are done or canceled, and still kept.', 40))
  over!: number;

  @ApiProperty(aCount('`devices.max_jobs`: past it the oldest that is over is forgotten before its time.', 1_000))
  keptLimit!: number;

  @ApiProperty(aCount('Devices that have not been sent their command by a job that is not over.', 560))
  devicesWaiting!: number;
}

/** The door for devices, publishers and subscribers. */
export class DoorStats implements DoorFigures {
  @ApiProperty(aCount('Open connections.', 100_003))
  connections!: number;

  @ApiProperty(aCount('`limits.max_connections`, or fewer where the system lets the hub open fewer files.', 200_000))
  connectionsLimit!: number;

  @ApiProperty(aCount('Of these, in the fast lane.', 100_001))
  inFastLane!: number;

  @ApiProperty(aCount('Requests that the fast lane served since the start.', 2_400_115))
  servedByFastLane!: number;

  @ApiProperty(aCount('Connections that it gave to Fastify since the start.', 12))
  handedOver!: number;

  @ApiProperty(aCount('Bytes of large bodies that are being received.', 1_572_864))
  receivingBytes!: number;

  @ApiProperty(aCount('`limits.max_receiving_size`.', 268_435_456))
  receivingBytesLimit!: number;
}

/** How late the event loop ran what was due, over the last one to two minutes. */
export class EventLoopFigures implements EventLoopDelay {
  @ApiProperty(ms('Half of the time at most this late.', 0.1))
  p50Ms!: number;

  @ApiProperty(ms('99 of 100 times at most this late.', 2.4))
  p99Ms!: number;

  @ApiProperty(ms('The latest.', 11.9))
  maxMs!: number;
}

export class ProcessFigures implements ProcessStats {
  @ApiProperty(aCount('Resident memory.', 214_302_720))
  rssBytes!: number;

  @ApiProperty(aCount('Heap in use.', 88_112_340))
  heapUsedBytes!: number;

  @ApiProperty(aCount('Heap taken from the system.', 120_340_480))
  heapTotalBytes!: number;

  @ApiProperty(aCount('Buffers and native objects, beside the heap.', 9_437_184))
  externalBytes!: number;

  @ApiProperty(aCount('CPU time in the program.', 48_120))
  cpuUserMs!: number;

  @ApiProperty(aCount('CPU time in the system for it.', 20_332))
  cpuSystemMs!: number;

  @ApiProperty(aCount('Seconds since the process started.', 86_402))
  uptimeSeconds!: number;
}

export class Stats {
  @ApiProperty({ description: "The hub's version.", example: '0.1.0' })
  version!: string;

  @ApiProperty({ description: "Node's version.", example: 'v20.19.0' })
  node!: string;

  @ApiProperty({ format: 'date-time', description: 'When the hub started.', example: '2026-11-24T12:10:14.000Z' })
  startedAt!: string;

  @ApiProperty(aCount('Seconds since then, whatever was done to the clock.', 86_400))
  uptimeSeconds!: number;

  @ApiProperty({ description: 'As `/readyz` tells it.', enum: ['starting', 'ready', 'stopping'] })
  state!: 'starting' | 'ready' | 'stopping';

  @ApiProperty(
    aCount('Requests since the start that failed by a fault or a limit of the hub; its log has the causes.', 0),
  )
  faults!: number;

  @ApiProperty({ description: 'Channels and polls.' })
  channels!: ChannelFigures;

  @ApiProperty({ description: 'Messages of all channels.' })
  messages!: MessageFigures;

  @ApiProperty({
    type: DiskFigures,
    nullable: true,
    description: 'What the engine keeps on disk; null: it keeps everything in memory.',
  })
  disk!: DiskFigures | null;

  @ApiProperty({ description: 'Commands and their queues.' })
  commands!: CommandFigures;

  @ApiProperty({ description: 'Jobs: one command for many devices.' })
  jobs!: JobStats;

  @ApiProperty({ description: 'Plugins and logic servers, taken together.' })
  logic!: LogicStats;

  @ApiProperty({ description: 'Devices by their presence.' })
  devices!: DeviceFigures;

  @ApiProperty({ description: 'The door for devices, publishers and subscribers.' })
  door!: DoorStats;

  @ApiProperty({ description: 'How late the event loop ran what was due, over the last one to two minutes.' })
  eventLoop!: EventLoopFigures;

  @ApiProperty({ description: 'What the process uses of the machine.' })
  process!: ProcessFigures;
}
