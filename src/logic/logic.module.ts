import { type DynamicModule, Module } from '@nestjs/common';
import { Channels } from '../channels/channels.js';
import { Commands } from '../commands/commands.js';
import type { Logger } from '../telemetry/logger.js';
import { usualPlaces } from './loading/plugin-file.js';
import { Logic } from './logic.js';
import { logicLimits } from './logic-limits.js';
import type { PluginEntry } from './plugin-entry.js';
import { Plugins } from './plugin-status.js';
import { Effects } from './running/effects.js';

export interface LogicModuleOptions {
  readonly plugins: readonly PluginEntry[];
  /** of the configuration's file; undefined when none was read */
  readonly folder: string | undefined;
  readonly logger: Logger;
}

/** Provides the plugins; whoever wires the hub starts and stops them. */
@Module({})
export class LogicModule {
  static with({ plugins: entries, folder, logger }: LogicModuleOptions): DynamicModule {
    const logic = {
      provide: Logic,
      inject: [Channels, Commands],
      useFactory: (channels: Channels, commands: Commands) => {
        const effects = new Effects(channels, commands);
        return new Logic({ entries, places: usualPlaces(folder), channels, effects, logger, limits: logicLimits });
      },
    };
    const plugins = { provide: Plugins, useExisting: Logic };
    return { module: LogicModule, providers: [logic, plugins], exports: [Logic, Plugins] };
  }
}
