import { type DynamicModule, Module } from '@nestjs/common';
import { Channels } from '../channels/channels.js';
import { Commands } from '../commands/commands.js';
import { Jobs } from '../commands/jobs/jobs.js';
import { Registry } from '../devices/registry/registry.js';
import type { Engine } from '../engine/engine.js';
import type { Logger } from '../telemetry/logger.js';
import { type Captured, CapturingCommits } from './comparing/capturing-commits.js';
import type { LogicServerEntry } from './external/server-entry.js';
import type { JournalLimits } from './journal/journal.js';
import { usualPlaces } from './loading/plugin-file.js';
import { Logic } from './logic.js';
import { type LogicLimits, logicLimits } from './logic-limits.js';
import type { PluginEntry } from './plugin-entry.js';
import { Plugins } from './plugin-status.js';
import { TurnCommits } from './running/turn-commits.js';

export interface LogicModuleOptions {
  readonly plugins: readonly PluginEntry[];
  readonly logicServers: readonly LogicServerEntry[];
  /** of the configuration's file; undefined when none was read */
  readonly folder: string | undefined;
  readonly logger: Logger;
  readonly engine: Engine;
  readonly journal: JournalLimits;
  /** what differs from the usual ones */
  readonly limits?: Partial<LogicLimits>;
  /** Takes what plugins ask for, which is then not done. */
  readonly capture?: ((captured: Captured) => void) | undefined;
}

/** Provides the plugins; whoever wires the hub starts and stops them. */
@Module({})
export class LogicModule {
  static with({
    plugins: entries,
    logicServers: servers,
    folder,
    logger,
    engine,
    journal,
    limits,
    capture,
  }: LogicModuleOptions): DynamicModule {
    const logic = {
      provide: Logic,
      inject: [Channels, Commands, Jobs, Registry],
      useFactory: (channels: Channels, commands: Commands, jobs: Jobs, registry: Registry) => {
        const made = new TurnCommits(engine, channels, commands, jobs);
        const commits = capture ? new CapturingCommits(made, capture) : made;
        const isRegistered = (device: string) => registry.find(device) !== undefined;
        const parts = { channels, commits, logger, journal, isRegistered, limits: { ...logicLimits, ...limits } };
        const room = new Logic({ entries, servers, places: usualPlaces(folder), ...parts });
        registry.deletion.alsoDrop((device) => room.deleteDevice(device));
        return room;
      },
    };
    const plugins = { provide: Plugins, useExisting: Logic };
    return { module: LogicModule, providers: [logic, plugins], exports: [Logic, Plugins] };
  }
}
