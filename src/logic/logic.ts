import { DeadlineWheel } from '../channels/deadline-wheel.js';
import { HubError } from '../channels/hub-error.js';
import { Trials } from './attempts/trials.js';
import { deadLetterOf } from './dead-letter-view.js';
import { DeletedDevices } from './deletion/deleted-devices.js';
import { askedEvent } from './explaining/asked-event.js';
import type { Story } from './explaining/story.js';
import { whyNot } from './explaining/why-not.js';
import { ExternalServers } from './external/external-servers.js';
import type { LogicServerEntry } from './external/server-entry.js';
import { Followers } from './followers.js';
import type { Hosted } from './hosted.js';
import { HostedPlugin } from './hosted-plugin.js';
import type { PluginDescription } from './inspection/description.js';
import { Journal, type JournalLimits } from './journal/journal.js';
import { foundPlugins } from './loading/plugin-file.js';
import { PluginConfigError, type PluginEntry } from './plugin-entry.js';
import { type DeadLetter, type PluginStatus, Plugins, type RedriveResult, type ShadowReport } from './plugin-status.js';
import type { PluginSurroundings } from './plugin-surroundings.js';
import { catchLateFaults } from './plugin-zone.js';
import { Shadows } from './shadow/shadows.js';
import {
  type TimerPage,
  type TimerQuery,
  type WaitingTimer,
  waitingTimer,
  waitingTimers,
} from './store/waiting-timers.js';
import { within } from './within.js';

/** How often deadlines of turns are looked at. */
const WHEEL_TURN_MS = 1_000;
/** How often plugins' timers are looked at: the most that one comes late. */
const LOOK_MS = 100;

export interface LogicOptions extends Omit<PluginSurroundings, 'wheel' | 'trials'> {
  /** as the configuration has them; what the plugin folders hold beside them is listed as disabled */
  readonly entries: readonly PluginEntry[];
  /** logic servers outside of the hub; none has the name of a plugin */
  readonly servers: readonly LogicServerEntry[];
  readonly journal: JournalLimits;
  /** Whether there is a device of that id. */
  readonly isRegistered: (device: string) => boolean;
}

/**
 * All plugins of a hub, and its logic servers elsewhere, from the start to the stop. A plugin's fault is its own: it is
 * told and listed.
 */
export class Logic extends Plugins {
  /** those that run elsewhere */
  readonly servers: ExternalServers;
  private readonly wheel: DeadlineWheel;
  /** by name, with `servers` among them */
  private readonly plugins: readonly Hosted[];
  private readonly shadows: Shadows;
  private readonly followers: Followers;
  private readonly deletedDevices: DeletedDevices;
  /** unix ms */
  private readonly startedAt: number;
  private stopTurning = () => {};
  private stopCatching = () => {};

  constructor(private readonly options: LogicOptions) {
    super();
    this.startedAt = options.channels.clock.now();
    this.wheel = new DeadlineWheel(() => options.channels.clock.uptime());
    const hub = { ...options, wheel: this.wheel, trials: new Trials() };
    const { engine } = options.commits;
    const journal = new Journal(engine, options.channels, options.journal);
    this.followers = new Followers(engine, journal);
    this.deletedDevices = new DeletedDevices({
      ...{ engine, isRegistered: options.isRegistered },
      journalEnd: () => journal.told.position,
      doneUpTo: () => this.followers.doneUpTo,
      usageOf: (name) => this.hosted.find((plugin) => plugin.name === name)?.usage,
      failed: (error) => options.logger.error({ error }, 'What plugins keep of a deleted device stays for now.'),
    });
    const entries = withFound(options);
    this.shadows = new Shadows(entries, hub);
    const plugins = entries.map((entry) => {
      const commits = this.shadows.of(entry.name)?.liveCommits ?? hub.commits;
      return new HostedPlugin(entry, { ...hub, commits });
    });
    this.servers = new ExternalServers(options.servers, hub);
    this.plugins = [...plugins, ...this.servers.all].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  list(): readonly PluginStatus[] {
    return this.plugins.map((plugin) => this.statusOf(plugin));
  }

  describe(plugin: string): PluginDescription {
    return this.find(plugin).describe();
  }

  shadow(plugin: string): ShadowReport {
    return this.shadows.find(this.find(plugin).name).report();
  }

  /**
   * Loads the enabled plugins, checks their settings, makes them and begins to bring them events. One that cannot be
   * loaded or made is listed as failed.
   * @throws PluginConfigError with every setting that an enabled plugin does not take; none has run then
   */
  async start(): Promise<void> {
    const { clock } = this.options.channels;
    const stops = [
      clock.every(
        LOOK_MS,
        () => this.look(),
        () => this.nextLookAt,
      ),
      clock.every(
        WHEEL_TURN_MS,
        () => this.turn(),
        () => this.nextTurnAt,
      ),
    ];
    this.stopTurning = () => {
      for (const stop of stops.splice(0)) stop();
    };
    this.stopCatching = catchLateFaults();
    await this.followers.open(this.hosted);
    await this.deletedDevices.open();
    await Promise.all(this.plugins.map((plugin) => plugin.load()));
    const faults = this.plugins.flatMap((plugin) => plugin.checkConfig());
    if (faults.length > 0) {
      this.release();
      throw new PluginConfigError(faults);
    }
    await this.followers.follow(this.hosted);
    await Promise.all(this.plugins.map((plugin) => plugin.open()));
    await this.saveAll();
    this.shadows.start(this.followers);
  }

  /** A device is being deleted: deletes what plugins keep under its id. May be called before the start. @throws EngineError */
  deleteDevice(device: string): Promise<void> {
    return this.deletedDevices.drop(device);
  }

  async whyNot(plugin: string, event: string): Promise<Story> {
    const hosted = this.find(plugin);
    const { channels } = this.options;
    const { startedAt } = this;
    return whyNot(askedEvent(event), { channels, hosted, follower: this.followers.of(hosted), startedAt });
  }

  async timers(plugin: string, query: TimerQuery): Promise<TimerPage> {
    const { engine } = this.options.commits;
    const { timers, next } = await waitingTimers(this.find(plugin).name, engine, query);
    return { timers: timers.map((timer) => this.inWallTime(timer)), next };
  }

  async timer(plugin: string, name: string, key: string): Promise<WaitingTimer> {
    const timer = await waitingTimer(this.find(plugin).name, this.options.commits.engine, name, key);
    if (timer) return this.inWallTime(timer);
    const sentence = `The plugin "${plugin}" has no timer "${name.slice(0, 128)}" of "${key.slice(0, 128)}" that waits.`;
    throw new HubError('timer_not_found', sentence);
  }

  /** Timers keep to the hub's steady time; people read the machine's clock. */
  private inWallTime(timer: WaitingTimer): WaitingTimer {
    const { channels, commits } = this.options;
    return { ...timer, dueAt: timer.dueAt - commits.now() + channels.clock.now() };
  }

  async deadLetters(plugin: string, after: string, limit: number): Promise<readonly DeadLetter[]> {
    return (await this.find(plugin).letters.list(after, limit)).map(deadLetterOf);
  }

  async deadLetter(plugin: string, id: string): Promise<DeadLetter> {
    return deadLetterOf((await this.find(plugin).letters.get(id)).letter);
  }

  async reload(plugin: string): Promise<PluginStatus> {
    const found = this.find(plugin);
    await this.shadows.hasBegun(found.name);
    await found.reload();
    this.shadows.renew(found.name);
    return this.statusOf(found);
  }

  async reloadShadow(plugin: string): Promise<ShadowReport> {
    const shadow = this.shadows.find(this.find(plugin).name);
    await this.reload(shadow.candidate.name);
    return shadow.report();
  }

  async redrive(plugin: string, id: string): Promise<RedriveResult> {
    return this.find(plugin).redrive(id);
  }

  async deleteDeadLetter(plugin: string, id: string): Promise<void> {
    await this.find(plugin).letters.delete(id);
  }

  /**
   * Stops: takes in no more events, lets turns end, gives up those that have not, and closes the plugins.
   * @param withinMs how long that may take
   */
  async stop(withinMs: number): Promise<void> {
    this.shadows.stop();
    const stopAll = () => {
      for (const plugin of this.plugins) plugin.stop();
    };
    const endAll = () => {
      stopAll();
      for (const plugin of this.hosted) plugin.kill();
    };
    const ended = Promise.all(this.plugins.map((plugin) => plugin.drain()))
      .then(stopAll)
      .then(() => Promise.all(this.hosted.map((plugin) => plugin.close())))
      .then(() => this.saveAll());
    if (withinMs > 0) await within(this.options.channels.clock, withinMs, ended, endAll);
    else endAll();
    this.release();
  }

  /** The plugins and their candidate versions. */
  private get hosted(): readonly Hosted[] {
    return [...this.plugins, ...this.shadows.candidates];
  }

  private async saveAll(): Promise<void> {
    await Promise.all(this.hosted.map((plugin) => plugin.save()));
  }

  private look(): void {
    for (const plugin of this.hosted) plugin.look();
  }

  /** ms of uptime */
  private get nextLookAt(): number {
    return this.options.channels.clock.uptime() + Math.min(...this.hosted.map(({ nextLookInMs }) => nextLookInMs));
  }

  private turn(): void {
    this.wheel.turn();
    void this.saveAll();
    this.shadows.look(this.followers, (plugin) => this.find(plugin).status());
    void this.deletedDevices.look();
  }

  /** ms of uptime; 0 while there is something to be looked at each time */
  private get nextTurnAt(): number {
    const isBusy = this.shadows.size > 0 || this.deletedDevices.isPending;
    return isBusy || this.hosted.some(({ isUnsaved }) => isUnsaved) ? 0 : this.wheel.nextTurnAt;
  }

  private find(name: string): Hosted {
    const found = this.hosted.find((plugin) => plugin.name === name);
    if (found) return found;
    throw new HubError('plugin_not_found', `There is no plugin "${name.slice(0, 140)}".`);
  }

  private statusOf(plugin: Hosted): PluginStatus {
    return { ...plugin.status(), shadow: this.shadows.of(plugin.name)?.status() };
  }

  private release(): void {
    this.stopTurning();
    this.stopCatching();
  }
}

/** The configured ones, and beside them what the plugin folders hold, switched off. */
function withFound({ entries, servers, places }: LogicOptions): readonly PluginEntry[] {
  const configured = new Set([...entries, ...servers].map(({ name }) => name));
  const found = foundPlugins(places)
    .filter((name) => !configured.has(name))
    .map((name) => ({ name, enabled: false, from: undefined, config: {} }));
  return [...entries, ...found];
}
