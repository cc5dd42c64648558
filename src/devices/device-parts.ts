import type { Channels } from '../channels/channels.js';
import { Commits } from '../channels/commits.js';
import type { Engine } from '../engine/engine.js';
import { BatchRecorder } from './batch/batch-recorder.js';
import { EventIds } from './batch/event-ids.js';
import { DesiredStates } from './desired-states.js';
import { DeviceEvents } from './device-events.js';
import type { DeviceEventOptions } from './event-draft.js';
import { Fleet, type FleetLimits } from './fleet.js';
import { DevicePages } from './registry/device-pages.js';
import { PresenceJournal } from './registry/presence-journal.js';
import { Registry, type RegistryOptions } from './registry/registry.js';

export interface DeviceOptions extends DeviceEventOptions, FleetLimits, RegistryOptions {}

export interface DeviceSurroundings {
  readonly engine: Engine;
  readonly channels: Channels;
  readonly options: DeviceOptions;
  /** told of what went wrong beside a request that is served all the same */
  readonly onFault: (error: unknown) => void;
}

/** The parts of this room, put together. */
export class DeviceParts {
  readonly fleet: Fleet;
  readonly registry: Registry;
  readonly events: DeviceEvents;
  readonly batches: BatchRecorder;
  readonly desired: DesiredStates;
  readonly pages: DevicePages;
  private readonly ids: EventIds;

  constructor({ engine, channels, options, onFault }: DeviceSurroundings) {
    const { clock } = channels;
    const commits = new Commits(engine, channels);
    const journal = new PresenceJournal(commits, clock, options, onFault);
    this.fleet = new Fleet(clock, options);
    this.fleet.onChange = (change) => journal.tell(change);
    this.fleet.onPatience = (device) => journal.keep(device);
    this.registry = new Registry({ commits, channels, fleet: this.fleet, options, onFault });
    this.ids = new EventIds(engine, clock, onFault);
    this.registry.deletion.alsoDrop((device) => this.ids.drop(device));
    this.events = new DeviceEvents(channels, this.registry, options);
    this.batches = new BatchRecorder({ commits, channels, registry: this.registry, ids: this.ids, options });
    this.pages = new DevicePages(engine, this.fleet);
    this.desired = new DesiredStates(commits, channels, this.registry);
  }

  close(): void {
    this.ids.close();
    this.fleet.close();
  }
}
