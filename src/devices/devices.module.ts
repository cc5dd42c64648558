import { type DynamicModule, Module } from '@nestjs/common';
import { Channels } from '../channels/channels.js';
import { type DeviceEventOptions, DeviceEvents } from './device-events.js';

/** Provides what takes devices' events. */
@Module({})
export class DevicesModule {
  static with(options: DeviceEventOptions): DynamicModule {
    const events = {
      provide: DeviceEvents,
      inject: [Channels],
      useFactory: (channels: Channels) => new DeviceEvents(channels, options),
    };
    return { module: DevicesModule, global: true, providers: [events], exports: [DeviceEvents] };
  }
}
