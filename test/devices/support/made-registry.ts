import { Channels } from '../../../src/channels/channels.js';
import { Commits } from '../../../src/channels/commits.js';
import { DeviceParts } from '../../../src/devices/device-parts.js';
import type { Fleet } from '../../../src/devices/fleet.js';
import type { DropBelongings } from '../../../src/devices/registry/device-deletion.js';
import type { Registry } from '../../../src/devices/registry/registry.js';
import type { Engine } from '../../../src/engine/engine.js';
import { MemoryEngine } from '../../../src/engine/memory/memory-engine.js';
import { ManualClock } from '../../support/manual-clock.js';

export interface RegistryUnderTest {
  readonly clock: ManualClock;
  readonly engine: Engine;
  readonly channels: Channels;
  readonly commits: Commits;
  readonly parts: DeviceParts;
  readonly fleet: Fleet;
  readonly registry: Registry;
  readonly faults: unknown[];
  /** A hub that starts over the same engine, after the one before was killed. */
  restart(): Promise<RegistryUnderTest>;
}

export interface MadeRegistryOptions {
  readonly registration?: 'open' | 'closed';
  readonly maxDevices?: number;
  readonly clock?: ManualClock;
  readonly engine?: Engine;
  /** what another room deletes with a device */
  readonly alsoDrop?: (engine: Engine, channels: Channels) => DropBelongings;
}

/** A registry as the hub wires it. */
export async function madeRegistry(options: MadeRegistryOptions = {}): Promise<RegistryUnderTest> {
  const { registration = 'open', maxDevices = 1_000, clock = new ManualClock() } = options;
  const engine = options.engine ?? memoryEngineOn(clock);
  const channels = new Channels(engine.messages, clock, { maxChannels: 10_000 });
  const commits = new Commits(engine, channels);
  const faults: unknown[] = [];
  const onFault = (error: unknown) => faults.push(error);
  const shared = {
    eventBufferLength: 100,
    eventTimeoutMs: 0,
    eventDurability: 'disk' as const,
    maxDevices,
    registration,
  };
  const parts = new DeviceParts({ engine, channels, options: shared, onFault });
  const { fleet, registry } = parts;
  if (options.alsoDrop) registry.deletion.alsoDrop(options.alsoDrop(engine, channels));
  await registry.load();
  const restart = () => {
    parts.close();
    return madeRegistry({ ...options, clock, engine });
  };
  return { clock, engine, channels, commits, parts, fleet, registry, faults, restart };
}

function memoryEngineOn(clock: ManualClock): MemoryEngine {
  return new MemoryEngine({ now: () => clock.now(), maxBytes: 100_000_000, maxMessages: 100_000 });
}
