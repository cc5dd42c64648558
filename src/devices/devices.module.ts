import { type DynamicModule, Module, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { Channels } from '../channels/channels.js';
import type { FaultLog } from '../channels/fault-log.js';
import type { Engine } from '../engine/engine.js';
import { type DeviceOptions, DeviceParts } from './device-parts.js';
import { Fleet } from './fleet.js';
import { Registry } from './registry/registry.js';

export interface DevicesSurroundings {
  readonly engine: Engine;
  readonly faults: FaultLog;
}

/** Provides what knows the devices and takes their events. */
@Module({})
export class DevicesModule implements OnModuleInit, OnModuleDestroy {
  constructor(private readonly parts: DeviceParts) {}

  static with(options: DeviceOptions, { engine, faults }: DevicesSurroundings): DynamicModule {
    const parts = {
      provide: DeviceParts,
      inject: [Channels],
      useFactory: (channels: Channels) =>
        new DeviceParts({ engine, channels, options, onFault: (error) => faults.note(error, { part: 'devices' }) }),
    };
    const shown = [
      { provide: Fleet, inject: [DeviceParts], useFactory: (made: DeviceParts) => made.fleet },
      { provide: Registry, inject: [DeviceParts], useFactory: (made: DeviceParts) => made.registry },
    ];
    return {
      module: DevicesModule,
      global: true,
      providers: [parts, ...shown],
      exports: [DeviceParts, Fleet, Registry],
    };
  }

  /** Once every room has said what it keeps of devices, and before the doors open. */
  onModuleInit(): Promise<void> {
    return this.parts.registry.load();
  }

  onModuleDestroy(): void {
    this.parts.close();
  }
}
