import { type DynamicModule, Module, type OnModuleDestroy } from '@nestjs/common';
import { Channels } from '../channels/channels.js';
import type { FaultLog } from '../channels/fault-log.js';
import { type DeviceEventOptions, DeviceEvents } from './device-events.js';
import { Fleet, type FleetLimits } from './fleet.js';
import { PresenceEvents } from './presence-events.js';

export interface DeviceOptions extends DeviceEventOptions, FleetLimits {}

/** Provides what knows the devices and takes their events. */
@Module({})
export class DevicesModule implements OnModuleDestroy {
  constructor(private readonly fleet: Fleet) {}

  static with(options: DeviceOptions, faults: FaultLog): DynamicModule {
    const fleet = {
      provide: Fleet,
      inject: [Channels],
      useFactory: (channels: Channels) => fleetTelling(channels, options, faults),
    };
    const events = {
      provide: DeviceEvents,
      inject: [Channels, Fleet],
      useFactory: (channels: Channels, known: Fleet) => new DeviceEvents(channels, known, options),
    };
    return { module: DevicesModule, global: true, providers: [fleet, events], exports: [Fleet, DeviceEvents] };
  }

  onModuleDestroy(): void {
    this.fleet.close();
  }
}

function fleetTelling(channels: Channels, options: DeviceOptions, faults: FaultLog): Fleet {
  const fleet = new Fleet(channels.clock, options);
  const events = new PresenceEvents(channels, options, (error) => faults.note(error, { part: 'presence' }));
  fleet.onChange = (change) => events.tell(change);
  return fleet;
}
