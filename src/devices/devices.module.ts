import { type DynamicModule, Module, type OnModuleDestroy } from '@nestjs/common';
import { Channels } from '../channels/channels.js';
import { Commits } from '../channels/commits.js';
import type { FaultLog } from '../channels/fault-log.js';
import type { Engine } from '../engine/engine.js';
import { DeviceEvents } from './device-events.js';
import type { DeviceEventOptions } from './event-draft.js';
import { Fleet, type FleetLimits } from './fleet.js';
import { PresenceJournal } from './registry/presence-journal.js';
import { Registry, type RegistryOptions } from './registry/registry.js';

export interface DeviceOptions extends DeviceEventOptions, FleetLimits, RegistryOptions {}

export interface DevicesParts {
  readonly engine: Engine;
  readonly faults: FaultLog;
}

/** Provides what knows the devices and takes their events. */
@Module({})
export class DevicesModule implements OnModuleDestroy {
  constructor(private readonly fleet: Fleet) {}

  static with(options: DeviceOptions, { engine, faults }: DevicesParts): DynamicModule {
    const onFault = (error: unknown) => faults.note(error, { part: 'devices' });
    const fleet = {
      provide: Fleet,
      inject: [Channels],
      useFactory: (channels: Channels) => {
        const made = new Fleet(channels.clock, options);
        const journal = new PresenceJournal(new Commits(engine, channels), channels.clock, options, onFault);
        made.onChange = (change) => journal.tell(change);
        made.onPatience = (device) => journal.keep(device);
        return made;
      },
    };
    const registry = {
      provide: Registry,
      inject: [Channels, Fleet],
      useFactory: async (channels: Channels, devices: Fleet) => {
        const made = new Registry({
          commits: new Commits(engine, channels),
          channels,
          fleet: devices,
          options,
          onFault,
        });
        await made.load();
        return made;
      },
    };
    const events = {
      provide: DeviceEvents,
      inject: [Channels, Registry],
      useFactory: (channels: Channels, known: Registry) => new DeviceEvents(channels, known, options),
    };
    const providers = [fleet, registry, events];
    return { module: DevicesModule, global: true, providers, exports: [Fleet, Registry, DeviceEvents] };
  }

  onModuleDestroy(): void {
    this.fleet.close();
  }
}
