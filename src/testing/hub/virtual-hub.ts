import { setImmediate as turnOfEventLoop } from 'node:timers/promises';
import type { HubConfig } from '../../config/hub-config.js';
import { eventDraft } from '../../devices/event-draft.js';
import { MemoryEngine } from '../../engine/memory/memory-engine.js';
import type { PluginEntry } from '../../logic/plugin-entry.js';
import { tellZone } from '../../logic/plugin-zone.js';
import { VirtualClock } from '../time/virtual-clock.js';
import { VirtualWorld } from '../time/virtual-world.js';
import type { DomainParts } from './domain.module.js';
import { HubLife } from './hub-life.js';
import { HubLog } from './hub-log.js';

export interface VirtualHubOptions {
  readonly config: HubConfig;
  readonly plugins: readonly PluginEntry[];
  /** unix ms at which its time begins; a fixed moment when left out */
  readonly startAt?: number | undefined;
  /** ms of real time that a turn may wait for something outside of the hub; `PATIENCE_MS` when left out */
  readonly patienceMs?: number | undefined;
  /** Told of each life of the hub once it has begun, the first included. */
  readonly onLife?: (life: HubLife) => void;
  /** Takes what plugins ask for, which is then not done. */
  readonly capture?: DomainParts['capture'];
}

const PATIENCE_MS = 2_000;
/** of virtual time, while a hub starts */
const STEP_MS = 100;

/**
 * A hub without doors in virtual time, over an engine in memory: what time brings about happens when it is advanced, and
 * each step has settled before the next one begins.
 */
export class VirtualHub {
  readonly clock: VirtualClock;
  readonly log: HubLog;
  /** things that are being done and that nobody but their owner knows of: a fake device at work */
  atWork = 0;
  private readonly world: VirtualWorld;
  /** of what devices do, which goes on over a crash of the hub */
  private readonly outside: VirtualWorld;
  private readonly engine: MemoryEngine;
  private current: HubLife | undefined;
  /** false: no turn was open and nothing was at work when it settled last */
  private wasBusy = true;
  /** of what is at work, how much was waited for in vain */
  private stuck = 0;

  private constructor(private readonly options: VirtualHubOptions) {
    this.clock = new VirtualClock(options.startAt);
    this.world = new VirtualWorld(this.clock, tellZone);
    this.outside = new VirtualWorld(this.clock, tellZone);
    this.log = new HubLog(() => this.clock.now());
    const { maxReservedMemory: maxBytes, maxMessages } = options.config.limits;
    this.engine = new MemoryEngine({ now: () => this.clock.now(), maxBytes, maxMessages });
  }

  /** @throws PluginConfigError */
  static async open(options: VirtualHubOptions): Promise<VirtualHub> {
    const hub = new VirtualHub(options);
    try {
      await hub.begin();
      return hub;
    } catch (error) {
      await hub.close();
      throw error;
    }
  }

  /** @throws Error when it was closed */
  get life(): HubLife {
    if (this.current) return this.current;
    throw new Error('The hub is closed.');
  }

  /** Runs something as a part of the hub: what it begins lives in virtual time. */
  run<T>(work: () => T): T {
    return this.world.run(work);
  }

  /** Runs something that a device does: it lives in the hub's time, and outlives the hub. */
  runOutside<T>(work: () => T): T {
    return this.outside.run(work);
  }

  /**
   * Waits until nothing is left to do at this moment.
   * @throws Error when a turn waits for something outside of the hub for longer than the patience
   */
  async settle(): Promise<void> {
    if (await this.isSettled()) return;
    const { openTurns } = this;
    throw new Error(
      `${openTurns === 1 ? 'A turn has' : `${openTurns} turns have`} not ended after ${this.patienceMs} ms of real time: ` +
        'a handler waits for something outside of the hub. Give it a fake, raise "patience", or let its time run out with ' +
        'hub.advance("10s").',
    );
  }

  /** Lets time pass: everything that falls due happens in its order, and settles before the next. */
  async advance(ms: number): Promise<void> {
    const end = this.clock.uptime() + ms;
    await this.isSettled();
    // A turn that hangs is given up by time: so time goes on.
    while (this.clock.step(end)) await this.isSettled();
  }

  /** Publishes a message on an event's channel past everything that a device's own post would do. */
  async publish(channel: string, body: Buffer, contentType: string | null): Promise<void> {
    const draft = eventDraft({ body, contentType }, this.clock.now(), this.options.config.devices);
    await this.run(() => this.life.channels.open(channel).publish(draft));
  }

  /**
   * Ends the hub as a crash would, and begins a new one over what the engine has kept.
   * @param downForMs time that passes between the two @param wallMs unix ms to which the clock is set then
   */
  async restart({ downForMs = 0, wallMs }: { downForMs?: number; wallMs?: number }): Promise<void> {
    await this.end();
    const end = this.clock.uptime() + downForMs;
    while (this.clock.step(end)) await allPromises();
    if (wallMs !== undefined) this.clock.setWall(wallMs);
    await this.begin();
  }

  async close(): Promise<void> {
    await this.end();
    await this.engine.close();
    this.world.close();
    this.outside.close();
  }

  private async begin(): Promise<void> {
    const { config, plugins, onLife, capture } = this.options;
    const { engine, clock, log: logger } = this;
    this.wasBusy = true;
    const life = await this.inTime(this.run(() => HubLife.begin({ config, plugins, engine, clock, logger, capture })));
    this.current = life;
    this.run(() => onLife?.(life));
    await this.settle();
  }

  private async end(): Promise<void> {
    const { current } = this;
    this.current = undefined;
    await this.run(() => current?.crash());
    this.world.clear();
  }

  private get patienceMs(): number {
    return this.options.patienceMs ?? PATIENCE_MS;
  }

  private get openTurns(): number {
    return this.life.logic.list().reduce((sum, { openTurns }) => sum + openTurns, 0);
  }

  /** Lets time pass for what is begun, when it waits for that, or is to be given up for its time. */
  private async inTime<T>(begun: Promise<T>): Promise<T> {
    let isOver = false;
    const noteEnd = () => {
      isOver = true;
    };
    begun.then(noteEnd, noteEnd);
    const giveUpAt = performance.now() + this.patienceMs;
    for (await turnOfEventLoop(); !isOver; await turnOfEventLoop()) {
      const { pendingImmediates, pendingTimeouts } = this.world;
      const waitsForTime = pendingTimeouts > 0 && pendingImmediates === 0;
      if (waitsForTime || performance.now() > giveUpAt) this.clock.step(this.clock.uptime() + STEP_MS);
    }
    return begun;
  }

  /** @returns false when something was at work for longer than the patience */
  private async isSettled(): Promise<boolean> {
    const giveUpAt = performance.now() + this.patienceMs;
    for (;;) {
      await allPromises();
      const pendingImmediates = this.world.pendingImmediates + this.outside.pendingImmediates;
      // A turn begins in a tick of its own: without one, what was at rest still is.
      if (pendingImmediates === 0 && this.atWork === 0 && !this.wasBusy) return true;
      const busy = this.atWork + this.openTurns;
      this.stuck = Math.min(this.stuck, busy);
      this.wasBusy = pendingImmediates > 0 || busy > 0;
      const pendingTimeouts = this.world.pendingTimeouts + this.outside.pendingTimeouts;
      // What waits for a timer waits for time to pass.
      if (pendingImmediates === 0 && (busy === this.stuck || pendingTimeouts > 0)) return true;
      if (performance.now() > giveUpAt) {
        this.stuck = busy;
        return false;
      }
      await turnOfEventLoop();
    }
  }
}

/** Resolves when every promise that can has been followed to its end. */
function allPromises(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
