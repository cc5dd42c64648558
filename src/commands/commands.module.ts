import { type DynamicModule, Module } from '@nestjs/common';
import { Channels } from '../channels/channels.js';
import type { Clock } from '../channels/clock.js';
import { Commits } from '../channels/commits.js';
import type { FaultLog } from '../channels/fault-log.js';
import { Registry } from '../devices/registry/registry.js';
import type { Engine } from '../engine/engine.js';
import type { CommandRules } from './command-rules.js';
import { Commands } from './commands.js';
import { Jobs } from './jobs/jobs.js';

export interface CommandsModuleParts {
  readonly engine: Engine;
  readonly clock: Clock;
  readonly faults: FaultLog;
}

/** Provides what sends commands to devices and keeps account of them. */
@Module({})
export class CommandsModule {
  static with(rules: CommandRules, { engine, clock, faults }: CommandsModuleParts): DynamicModule {
    const commands = {
      provide: Commands,
      inject: [Channels, Registry],
      useFactory: (channels: Channels, registry: Registry) => {
        const checkReceiver = (device: string) => registry.checkReceiver(device);
        const made = new Commands({ commits: new Commits(engine, channels), clock, rules, faults, checkReceiver });
        registry.deletion.alsoDrop((device) => made.drop(device));
        return made;
      },
    };
    const jobs = {
      provide: Jobs,
      inject: [Channels, Commands],
      useFactory: (channels: Channels, sender: Commands) =>
        new Jobs({ commits: new Commits(engine, channels), commands: sender, clock, faults }),
    };
    return { module: CommandsModule, global: true, providers: [commands, jobs], exports: [Commands, Jobs] };
  }
}
