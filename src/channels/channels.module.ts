import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { MessageLog } from '../engine/message-log.js';
import { type ChannelLimits, Channels } from './channels.js';
import type { Clock } from './clock.js';

/** Provides the channels, over the engine that it is given. */
@Global()
@Module({})
export class ChannelsModule {
  static with(log: MessageLog, clock: Clock, limits: ChannelLimits): DynamicModule {
    const channels = { provide: Channels, useFactory: () => new Channels(log, clock, limits) };
    return { module: ChannelsModule, providers: [channels], exports: [Channels] };
  }
}
