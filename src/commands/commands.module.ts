import { type DynamicModule, Module } from '@nestjs/common';
import { Channels } from '../channels/channels.js';
import { type CommandOptions, Commands } from './commands.js';

/** Provides what sends commands to devices. */
@Module({})
export class CommandsModule {
  static with(options: CommandOptions): DynamicModule {
    const commands = {
      provide: Commands,
      inject: [Channels],
      useFactory: (channels: Channels) => new Commands(channels, options),
    };
    return { module: CommandsModule, global: true, providers: [commands], exports: [Commands] };
  }
}
