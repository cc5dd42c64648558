import 'reflect-metadata';
import { dirname } from 'node:path';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { adminDoorOver } from './admin/admin.module.js';
import { Readiness } from './admin/readiness.js';
import { AppModule, type Surroundings } from './app.module.js';
import { Channels } from './channels/channels.js';
import { type Clock, systemClock } from './channels/clock.js';
import { FaultLog } from './channels/fault-log.js';
import type { ConnectionBound } from './channels/refused-connections.js';
import { Commands } from './commands/commands.js';
import { Jobs } from './commands/jobs/jobs.js';
import { ConfigError, type Fault, type StillReadable } from './config/fault.js';
import type { Endpoint, HubConfig } from './config/hub-config.js';
import { pluginFaults, unloadedFaults } from './config/plugin-faults.js';
import { DeviceParts } from './devices/device-parts.js';
import { Fleet } from './devices/fleet.js';
import type { Engine } from './engine/engine.js';
import { MemoryEngine } from './engine/memory/memory-engine.js';
import { gatewayAdapter, publicDoorOf } from './gateway/gateway.module.js';
import { connectionBound, maxOpenFiles } from './gateway/open-files.js';
import type { DoorStats } from './gateway/public-door.js';
import { checkPlugins } from './logic/check-plugins.js';
import { usualPlaces } from './logic/loading/plugin-file.js';
import { Logic } from './logic/logic.js';
import { PluginConfigError } from './logic/plugin-entry.js';
import { EventLoopMonitor } from './telemetry/event-loop-monitor.js';
import { createLogger } from './telemetry/json-logger.js';
import type { Logger } from './telemetry/logger.js';
import { NestLog } from './telemetry/nest-log.js';

export interface HubOptions {
  /** where time comes from; the machine's own when left out */
  readonly clock?: Clock;
  /** where the hub tells what an operator should know; JSON lines on standard error when left out */
  readonly logger?: Logger;
}

/** A hub that listens. */
export interface RunningHub {
  readonly publicAddress: Endpoint;
  readonly adminAddress: Endpoint;
  readonly channels: Channels;
  readonly commands: Commands;
  /** what the devices' door has open and has served */
  doorStats(): Promise<DoorStats>;
  /**
   * Stops gracefully: nothing acknowledged is lost, parked polls are answered, at most `limits.stop_timeout` passes.
   * Called again it waits for the same stop.
   */
  stop(): Promise<void>;
}

/** How often expired messages and idle channels are looked for. */
const SWEEP_MS = 1_000;

/**
 * Builds a hub from its configuration and opens its doors.
 * @throws ConfigError when an enabled plugin does not take its settings
 * @throws EngineError `engine_unavailable` when the data folder cannot be used
 * @throws the system's error when it cannot listen, with `door`, `listen` or `admin`; what had started is stopped before
 */
export async function startHub(config: HubConfig, options: HubOptions = {}): Promise<RunningHub> {
  const { clock = systemClock, logger = createLogger(config.logLevel) } = options;
  const started: Started = [];
  try {
    const around = { clock, logger, loop: new EventLoopMonitor(clock), faults: new FaultLog(logger, clock) };
    const hub = await open(config, around, started);
    logger.info({ listen: hub.publicAddress, admin: hub.adminAddress }, 'The hub listens.');
    return hub;
  } catch (error) {
    // Why it did not start is what must be told, whatever the stopping says.
    await stopAll(started).catch((fault: unknown) => logger.error({ error: fault }, 'A part could not be stopped.'));
    throw error;
  }
}

/** What ends each part, in the order in which the parts were started. */
type Started = (() => unknown)[];

async function open(config: HubConfig, outside: Omit<Surroundings, 'engine'>, started: Started): Promise<RunningHub> {
  const { clock, logger, loop } = outside;
  loop.start();
  started.push(() => loop.stop());
  const engine = await openEngine(config, clock);
  started.push(() => engine.close());
  const around = { ...outside, engine };
  const app = await publicApp(config, around, started);
  const channels = app.get(Channels);
  // Behind the doors, which are started later: what they still publish is counted.
  started.push(() => channels.rememberAll());
  const logic = app.get(Logic);
  const commands = app.get(Commands);
  const jobs = app.get(Jobs);
  const connections = connectionsOf(config, outside.logger);
  const { limits: doorLimits, fastLane } = config;
  const door = publicDoorOf(app, clock, { limits: doorLimits, connections, fastLane, faults: outside.faults });
  const doorStats = () => door.stats();
  const readiness = new Readiness();
  const { maxDevices, commands: kept } = config.devices;
  const { maxEnded: maxEndedCommands, maxRunningJobs, maxJobs } = kept;
  const limits = {
    ...config.limits,
    maxConnections: connections.max,
    maxDevices,
    maxEndedCommands,
    maxRunningJobs,
    maxJobs,
  };
  const devices = app.get(DeviceParts);
  const diskStats = () => engine.stats?.();
  const shown = {
    channels,
    fleet: app.get(Fleet),
    devices,
    commands,
    jobs,
    plugins: logic,
    logicServers: logic.servers,
    diskStats,
    doorStats,
  };
  const admin = await adminDoorOver({ ...around, ...shown, readiness, limits });
  let stopBy = 0;
  // Its own door is opened first and closed last: it tells how the start and the stop are going.
  started.push(() => admin.stop());
  started.push(() => logic.stop(stopBy - clock.uptime()));
  started.push(() => door.stop());
  started.push(clock.every(SWEEP_MS, () => sweep(channels, outside.faults)));
  started.push(commands.start());
  started.push(await jobs.start());
  const adminAddress = await telling('admin', admin.listen(config.admin));
  await startPlugins(logic, config);
  const publicAddress = await telling('listen', door.listen(config.listen));
  readiness.state = 'ready';
  const stop = once(() => {
    readiness.state = 'stopping';
    stopBy = clock.uptime() + limits.stopTimeoutMs;
    return stopAll(started).then(() => logger.info({}, 'The hub has stopped.'));
  });
  return { publicAddress, adminAddress, channels, commands, doorStats, stop };
}

/**
 * What is wrong with a configuration as only its plugins know: their settings. Their files are loaded in threads; nothing
 * of them is made.
 * @returns every setting that an enabled plugin does not take, and every plugin that cannot be loaded
 */
export async function pluginFaultsOf({ plugins, file }: StillReadable): Promise<readonly Fault[]> {
  const { settings, unloaded } = await checkPlugins(
    plugins,
    usualPlaces(file === undefined ? undefined : dirname(file)),
  );
  return [...pluginFaults(settings, plugins, file), ...unloadedFaults(unloaded, plugins, file)];
}

/** How many connections the devices' door takes; that the system lets it take fewer than it may is told. */
function connectionsOf({ limits: { maxConnections } }: HubConfig, logger: Logger): ConnectionBound {
  const bound = connectionBound(maxConnections, maxOpenFiles());
  if (bound.max < maxConnections) {
    logger.info(
      { connections: bound.max },
      `Of limits.max_connections (${maxConnections}) the hub takes ${bound.max} connections, as many as ${bound.because}.`,
    );
  }
  return bound;
}

/** What cannot be swept, such as what cannot be read from disk, is told and ends nothing. */
function sweep(channels: Channels, faults: FaultLog): void {
  try {
    channels.sweep();
  } catch (error) {
    faults.note(error, { during: 'sweep' });
  }
}

/** The public application, initialised, without its door. */
async function publicApp(config: HubConfig, around: Surroundings, started: Started): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(config, around),
    gatewayAdapter(config.limits, around.clock),
    { bodyParser: false, logger: new NestLog(around.logger), abortOnError: false },
  );
  started.push(() => app.close());
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
  return app;
}

/** A function that does its work at the first call and gives that one's promise at each further one. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return () => {
    done ??= work();
    return done;
  };
}

/** @throws EngineError `engine_unavailable` when the data folder cannot be used */
async function openEngine({ engine, data, limits }: HubConfig, clock: Clock): Promise<Engine> {
  const { maxReservedMemory, maxDisk, maxMessages } = limits;
  const now = () => clock.now();
  if (engine === 'memory') return new MemoryEngine({ now, maxBytes: maxReservedMemory, maxMessages });
  // Loaded only now: who keeps nothing on disk needs no native library.
  const { openLmdbEngine } = await import('./engine/lmdb/open-engine.js');
  return openLmdbEngine({
    folder: data,
    now,
    uptime: () => clock.uptime(),
    maxDiskBytes: maxDisk,
    maxMemoryBytes: maxReservedMemory,
    maxMessages,
  });
}

/** @throws ConfigError with every setting that an enabled plugin does not take */
async function startPlugins(logic: Logic, { plugins, file }: HubConfig): Promise<void> {
  try {
    await logic.start();
  } catch (error) {
    throw error instanceof PluginConfigError ? new ConfigError(pluginFaults(error.faults, plugins, file)) : error;
  }
}

/** Ends the parts, the last one first; one that fails keeps no other from ending. @throws the first failure */
async function stopAll(started: Started): Promise<void> {
  const failures: unknown[] = [];
  for (const stop of started.splice(0).reverse()) {
    try {
      await stop();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

/** Names the door in an error of its listening: two doors may have the same address. */
async function telling<T>(door: 'listen' | 'admin', listening: Promise<T>): Promise<T> {
  try {
    return await listening;
  } catch (error) {
    throw Object.assign(error as Error, { door });
  }
}
