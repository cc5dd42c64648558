import { type DynamicModule, type INestApplicationContext, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ChannelsModule } from '../../channels/channels.module.js';
import type { Clock } from '../../channels/clock.js';
import { FaultLog } from '../../channels/fault-log.js';
import { CommandsModule } from '../../commands/commands.module.js';
import type { HubConfig } from '../../config/hub-config.js';
import { DevicesModule } from '../../devices/devices.module.js';
import type { Engine } from '../../engine/engine.js';
import type { Captured } from '../../logic/comparing/capturing-commits.js';
import { LogicModule } from '../../logic/logic.module.js';
import type { PluginEntry } from '../../logic/plugin-entry.js';
import type { Logger } from '../../telemetry/logger.js';
import { NestLog } from '../../telemetry/nest-log.js';

export interface DomainParts {
  readonly config: HubConfig;
  readonly plugins: readonly PluginEntry[];
  readonly engine: Engine;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Takes what plugins ask for, which is then not done. */
  readonly capture?: ((captured: Captured) => void) | undefined;
}

/** A hub's parts without its doors, as `AppModule` puts them together. */
@Module({})
class DomainModule {
  static with({ config, plugins, engine, clock, logger, capture }: DomainParts): DynamicModule {
    const { limits, devices } = config;
    const faults = new FaultLog(logger, clock);
    const logic = {
      ...{ plugins, logicServers: [], folder: undefined, logger, engine, capture },
      journal: { maxEntries: limits.journalLength, timeoutMs: limits.journalTimeoutMs },
      // A test wants to hear of every fault, not of one a minute.
      limits: { quietMs: 0 },
    };
    return {
      module: DomainModule,
      imports: [
        ChannelsModule.with(engine.messages, clock, limits),
        DevicesModule.with(devices, { engine, faults }),
        CommandsModule.with(devices.commands, { engine, clock, faults }),
        LogicModule.with(logic),
      ],
    };
  }
}

/** Nest's own tales of a start. */
const TALES: readonly unknown[] = ['NestFactory', 'InstanceLoader'];

/** Makes a hub's parts; nothing of them has started. */
export function openDomain(parts: DomainParts): Promise<INestApplicationContext> {
  const { logger: all } = parts;
  const logger = new NestLog({
    error: (facts, sentence) => all.error(facts, sentence),
    warn: (facts, sentence) => all.warn(facts, sentence),
    info: (facts, sentence) => all.info(facts, sentence),
    debug: (facts, sentence) => {
      if (!('nest' in facts && TALES.includes(facts.nest))) all.debug(facts, sentence);
    },
  });
  return NestFactory.createApplicationContext(DomainModule.with(parts), { logger, abortOnError: false });
}
