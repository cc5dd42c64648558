import { Channels } from '../../../src/channels/channels.js';
import { Commits } from '../../../src/channels/commits.js';
import { Fleet } from '../../../src/devices/fleet.js';
import { PresenceJournal } from '../../../src/devices/registry/presence-journal.js';
import { Registry } from '../../../src/devices/registry/registry.js';
import type { Engine } from '../../../src/engine/engine.js';
import { MemoryEngine } from '../../../src/engine/memory/memory-engine.js';
import { ManualClock } from '../../support/manual-clock.js';

export interface RegistryUnderTest {
  readonly clock: ManualClock;
  readonly engine: Engine;
  readonly channels: Channels;
  readonly commits: Commits;
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
}

/** A registry as the hub wires it. */
export async function madeRegistry(options: MadeRegistryOptions = {}): Promise<RegistryUnderTest> {
  const { registration = 'open', maxDevices = 1_000, clock = new ManualClock() } = options;
  const engine = options.engine ?? memoryEngineOn(clock);
  const channels = new Channels(engine.messages, clock, { maxChannels: 10_000 });
  const commits = new Commits(engine, channels);
  const faults: unknown[] = [];
  const onFault = (error: unknown) => faults.push(error);
  const fleet = new Fleet(clock, { maxDevices });
  const journal = new PresenceJournal(commits, clock, { eventBufferLength: 10, eventTimeoutMs: 0 }, onFault);
  fleet.onChange = (change) => journal.tell(change);
  fleet.onPatience = (device) => journal.keep(device);
  const registry = new Registry({ commits, channels, fleet, options: { registration }, onFault });
  await registry.load();
  const restart = () => {
    fleet.close();
    return madeRegistry({ ...options, clock, engine });
  };
  return { clock, engine, channels, commits, fleet, registry, faults, restart };
}

function memoryEngineOn(clock: ManualClock): MemoryEngine {
  return new MemoryEngine({ now: () => clock.now(), maxBytes: 100_000_000, maxMessages: 100_000 });
}
