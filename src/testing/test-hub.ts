import { eventChannel } from '../devices/device-id.js';
import type { DeadLetter, PluginStatus } from '../logic/plugin-status.js';
import type { CommandOutcome } from '../plugin/on-outcome.js';
import { FakeDevice } from './device/fake-device.js';
import type { HubLife } from './hub/hub-life.js';
import type { LogLine } from './hub/hub-log.js';
import { bodyOf } from './hub/payload.js';
import type { SentCommand } from './hub/seen-commands.js';
import type { VirtualHub } from './hub/virtual-hub.js';
import { type PluginTimer, type PluginView, pluginView } from './plugin-view.js';
import { Replay, type ReplayOptions } from './replay/replay.js';
import type { SeenMessage } from './seen-messages.js';
import type { TestHubParts } from './test-hub-parts.js';
import { timeOf } from './time/time-of.js';
import { wantedEvent } from './wanted-event.js';

/** A hub under test: it stands still in time until `advance` moves it. Close it at the end. */
export class TestHub {
  private readonly hub: VirtualHub;
  private readonly devices = new Map<string, FakeDevice>();
  private queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: TestHubParts) {
    this.hub = parts.hub;
  }

  /** the hub's time, unix ms */
  get now(): number {
    return this.hub.clock.now();
  }

  /** A device that the test plays; made, and connected, when it is named for the first time. */
  device(id: string): FakeDevice {
    let device = this.devices.get(id);
    if (!device) {
      device = new FakeDevice(id, this.hub, (type, payload) => this.emit(eventChannel(id, type), payload));
      this.devices.set(id, device);
    }
    return device;
  }

  /**
   * Posts an event of a device, and waits until all that it causes has settled: turns, commands, what devices answer.
   * @param channel `devices/{device}/events/{type}`
   * @param payload text and bytes go as they are, all else as JSON; left out: an empty body
   * @throws Error when nobody wants the event, or something failed; HubError when the hub does not take it
   */
  async emit(channel: string, payload?: unknown): Promise<void> {
    const { device, type } = wantedEvent(channel, this.plugins);
    await this.during(async () => {
      const { body, contentType } = bodyOf(payload);
      await this.hub.life.devices.events.record(device, type, { body, contentType });
    });
  }

  /**
   * Lets time pass: all that falls due happens in its order, each with all that it causes.
   * @param time `'15m'`, or ms
   * @throws Error when something failed meanwhile, after the time has passed
   */
  async advance(time: string | number): Promise<void> {
    const ms = timeOf(time);
    await this.inTurn(() => this.hub.advance(ms));
  }

  /** Waits until nothing is left to do at this moment, after what was done to devices for instance. @throws as `emit` */
  async settle(): Promise<void> {
    await this.during(async () => {});
  }

  /**
   * Ends the hub as a crash would, and starts it again: what the engine keeps is there, all else is gone, plugins are made
   * anew, and devices come back.
   * @param options `downFor`: time that passes between the two
   */
  async restart({ downFor = 0 }: { readonly downFor?: string | number } = {}): Promise<void> {
    const ms = timeOf(downFor);
    await this.inTurn(() => this.restarted({ downForMs: ms }));
  }

  /**
   * Replays the events of a recording at their times, in the hub's own: a hub that was not used yet begins when the
   * recording does, in another one the recording begins now. Devices answer as the test says, not as they did then.
   * @param file what `signalbox record` has written; a relative path begins at the working folder
   * @returns nothing has run before it is asked for its commands, or compared
   */
  replay(file: string | URL, options: ReplayOptions = {}): Replay {
    const { hub } = this;
    const passTo = (unixMs: number) => hub.advance(Math.max(unixMs - this.now, 0));
    return new Replay(file, options, {
      passTo,
      beginAt: (unixMs) => this.beginAt(unixMs),
      publishAt: async (unixMs, { channel, body, contentType }) => {
        await passTo(unixMs);
        await hub.publish(channel, body, contentType);
        await hub.settle();
      },
      inTurn: (work) => this.inTurn(work),
      commands: () => this.commands(),
      warn: (sentence) => hub.log.warn({}, sentence),
    });
  }

  /** Every command that was sent so far, in its order, whether its device has it or not. @param device left out: of all */
  commands(device?: string): readonly SentCommand[] {
    return this.parts.commands.sent.filter((command) => device === undefined || command.device === device);
  }

  /** How commands have ended so far, as `@OnOutcome` is told. */
  outcomes(device?: string): readonly CommandOutcome[] {
    return this.parts.commands.outcomes.filter((outcome) => device === undefined || outcome.device === device);
  }

  /** The messages that were published on a channel so far. */
  messages(channel: string): readonly SeenMessage[] {
    return this.parts.messages.on(channel);
  }

  /** What a plugin keeps. @param name left out: of the only one */
  plugin(name?: string): PluginView {
    return pluginView(
      name ?? this.onlyPlugin(),
      () => this.hub.life,
      (work) => this.during(work),
    );
  }

  /** As `plugin().state`. */
  state(key?: string): Promise<Readonly<Record<string, unknown>>> {
    return this.plugin().state(key);
  }

  /** As `plugin().timers`. */
  timers(): Promise<readonly PluginTimer[]> {
    return this.plugin().timers();
  }

  /** As `plugin().deadLetters`. */
  deadLetters(): Promise<readonly DeadLetter[]> {
    return this.plugin().deadLetters();
  }

  /** What the hub and its plugins have written to the log. @param level left out: all */
  log(level?: LogLine['level']): readonly LogLine[] {
    return this.hub.log.lines.filter((line) => level === undefined || line.level === level);
  }

  /** Ends the hub, and gives back what it holds. */
  async close(): Promise<void> {
    for (const device of this.devices.values()) device.hubIsDown();
    await this.hub.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Runs something as a part of the hub, and waits until all that it causes has settled. */
  private async during<T>(work: () => Promise<T>): Promise<T> {
    const result = await this.hub.run(work);
    await this.hub.settle();
    this.tellFailures();
    return result;
  }

  /** Time passes for one caller after the other. */
  private inTurn(work: () => Promise<void>): Promise<void> {
    const done = this.queue.then(work).then(() => this.tellFailures());
    this.queue = done.catch(() => {});
    return done;
  }

  private async restarted(how: { downForMs?: number; wallMs?: number }): Promise<void> {
    this.parts.failures.reset();
    for (const device of this.devices.values()) device.hubIsDown();
    await this.hub.restart(how);
    for (const device of this.devices.values()) device.hubIsUp();
    await this.hub.settle();
  }

  /** @returns by how much what was recorded then is later here, ms */
  private async beginAt(unixMs: number): Promise<number> {
    const isUnused = this.hub.clock.uptime() === 0 && this.parts.messages.count === 0;
    if (!isUnused) return this.now - unixMs;
    await this.restarted({ wallMs: unixMs });
    return 0;
  }

  private tellFailures(): void {
    const failures = this.parts.failures.take();
    if (failures.length > 0 && this.parts.throwsFailures) throw new Error(failures.join('\n'));
  }

  private onlyPlugin(): string {
    const [plugin, ...others] = this.plugins;
    if (plugin && others.length === 0) return plugin.name;
    const names = this.plugins.map(({ name }) => name).join(', ');
    throw new Error(`This hub has several plugins (${names}); say which one with hub.plugin(name).`);
  }

  private get plugins(): readonly PluginStatus[] {
    return enabledPlugins(this.hub.life);
  }
}

/** Those that the hub comes with are listed as well, switched off. */
export function enabledPlugins({ logic }: HubLife): readonly PluginStatus[] {
  return logic.list().filter(({ state }) => state !== 'disabled');
}
