import { Channels } from '../../channels/channels.js';
import type { Clock } from '../../channels/clock.js';
import { Commands } from '../../commands/commands.js';
import { Jobs } from '../../commands/jobs/jobs.js';
import { DeviceParts } from '../../devices/device-parts.js';
import type { Engine } from '../../engine/engine.js';
import { Logic } from '../../logic/logic.js';
import { type DomainParts, openDomain } from './domain.module.js';
import { LifeClock } from './life-clock.js';
import { MortalEngine } from './mortal-engine.js';

/** How often expired messages and idle channels are looked for, as in a hub with doors. */
const SWEEP_MS = 1_000;

/** A hub without doors from its start to its end. Its engine and its clock are older, and outlive it. */
export class HubLife {
  private constructor(
    readonly engine: Engine,
    readonly channels: Channels,
    readonly commands: Commands,
    readonly devices: DeviceParts,
    readonly logic: Logic,
    private readonly end: { readonly now: () => void; readonly parts: () => Promise<void> },
  ) {}

  /** @throws PluginConfigError */
  static async begin(parts: DomainParts): Promise<HubLife> {
    const engine = new MortalEngine(parts.engine);
    const clock = new LifeClock(parts.clock);
    const app = await openDomain({ ...parts, engine, clock });
    const channels = app.get(Channels);
    const commands = app.get(Commands);
    const logic = app.get(Logic);
    const end = {
      now: () => {
        engine.die();
        clock.end();
      },
      parts: async () => {
        await logic.stop(0);
        await app.close();
      },
    };
    const life = new HubLife(engine, channels, commands, app.get(DeviceParts), logic, end);
    try {
      await startAll(life, clock, app.get(Jobs));
      return life;
    } catch (error) {
      await life.crash();
      throw error;
    }
  }

  /** Ends it between two steps, as a process that is killed: nothing more is written. */
  async crash(): Promise<void> {
    this.end.now();
    await this.end.parts();
  }
}

/** In the order of a hub with doors. */
async function startAll({ channels, commands, logic }: HubLife, clock: Clock, jobs: Jobs): Promise<void> {
  clock.every(
    SWEEP_MS,
    () => channels.sweep(),
    () => channels.nextSweepAt,
  );
  commands.start();
  await jobs.start();
  await logic.start();
}
