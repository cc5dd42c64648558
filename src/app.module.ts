import { dirname } from 'node:path';
import { type DynamicModule, Module } from '@nestjs/common';
import { ChannelsModule } from './channels/channels.module.js';
import type { Clock } from './channels/clock.js';
import type { FaultLog } from './channels/fault-log.js';
import { CommandsModule } from './commands/commands.module.js';
import type { HubConfig } from './config/hub-config.js';
import { DevicesModule } from './devices/devices.module.js';
import type { Engine } from './engine/engine.js';
import { ExamplesModule } from './gateway/examples/examples.module.js';
import { GatewayModule } from './gateway/gateway.module.js';
import { compileLocations } from './locations/location-table.js';
import { LogicModule } from './logic/logic.module.js';
import { TelemetryModule, type TelemetryParts } from './telemetry/telemetry.module.js';

/** What the process has before its parts are made. */
export interface Surroundings extends TelemetryParts {
  readonly clock: Clock;
  readonly faults: FaultLog;
  readonly engine: Engine;
}

/** The one list of parts of the public application. */
@Module({})
export class AppModule {
  static with(config: HubConfig, around: Surroundings): DynamicModule {
    const { file, limits, devices, locations, plugins, logicServers, examples } = config;
    const { clock, faults, logger, engine } = around;
    return {
      module: AppModule,
      imports: [
        TelemetryModule.with(around),
        ChannelsModule.with(engine.messages, clock, limits),
        DevicesModule.with(devices, { engine, faults }),
        CommandsModule.with(devices.commands, { engine, clock, faults }),
        LogicModule.with({
          plugins,
          logicServers,
          folder: file === undefined ? undefined : dirname(file),
          logger,
          engine,
          journal: { maxEntries: limits.journalLength, timeoutMs: limits.journalTimeoutMs },
        }),
        // Before the gateway, whose controller takes every path that is left.
        ...(examples ? [ExamplesModule.with(clock)] : []),
        GatewayModule.with({
          locations: compileLocations(locations),
          clock,
          devices,
          sendTimeoutMs: limits.sendTimeoutMs,
          maxReceivingBytes: limits.maxReceivingBytes,
          faults,
        }),
      ],
    };
  }
}
