import { DeadlineWheel } from '../channels/deadline-wheel.js';
import { HubError } from '../channels/hub-error.js';
import { readAll } from '../devices/registry/read-all.js';
import { deadLetterOf } from './dead-letter-view.js';
import { askedEvent } from './explaining/asked-event.js';
import type { Story } from './explaining/story.js';
import { whyNot } from './explaining/why-not.js';
import { ExternalServer } from './external/external-server.js';
import type {
  Caller,
  LogicServers,
  StateQuery,
  StateValue,
  TurnPollTerms,
  WaitingPoll,
} from './external/logic-servers.js';
import type { LogicServerEntry } from './external/server-entry.js';
import type { Hosted } from './hosted.js';
import { HostedPlugin } from './hosted-plugin.js';
import type { CursorRecord } from './journal/cursor.js';
import { Follower } from './journal/follower.js';
import { Journal, type JournalLimits } from './journal/journal.js';
import { foundPlugins } from './loading/plugin-file.js';
import { PluginConfigError, type PluginEntry } from './plugin-entry.js';
import { type DeadLetter, type PluginStatus, Plugins, type RedriveResult, type ShadowReport } from './plugin-status.js';
import type { PluginSurroundings } from './plugin-surroundings.js';
import { catchLateFaults } from './plugin-zone.js';
import { forgetShadow } from './shadow/forget-shadow.js';
import { SHADOW_SUFFIX, Shadow } from './shadow/shadow.js';
import { below, CURSORS, TURNS } from './store/tables.js';
import { within } from './within.js';

/** How often deadlines of turns are looked at. */
const WHEEL_TURN_MS = 1_000;
/** How often plugins' timers are looked at: the most that one comes late. */
const LOOK_MS = 100;

export interface LogicOptions extends Omit<PluginSurroundings, 'wheel'> {
  /** as the configuration has them; what the plugin folders hold beside them is listed as disabled */
  readonly entries: readonly PluginEntry[];
  /** logic servers outside of the hub; none has the name of a plugin */
  readonly servers: readonly LogicServerEntry[];
  readonly journal: JournalLimits;
}

/**
 * All plugins of a hub, and its logic servers elsewhere, from the start to the stop. A plugin's fault is its own: it is
 * told and listed.
 */
export class Logic extends Plugins implements LogicServers {
  private readonly wheel: DeadlineWheel;
  /** by name, with `servers` among them */
  private readonly plugins: readonly Hosted[];
  private readonly servers: readonly ExternalServer[];
  /** by the names of their plugins */
  private readonly shadows: ReadonlyMap<string, Shadow>;
  private readonly journal: Journal;
  private readonly cursors = new Map<string, CursorRecord>();
  private readonly followers = new Map<Hosted, Follower>();
  /** unix ms */
  private readonly startedAt: number;
  private stopTurning = () => {};
  private stopCatching = () => {};
  private isStopping = false;

  constructor(private readonly options: LogicOptions) {
    super();
    this.startedAt = options.channels.clock.now();
    this.wheel = new DeadlineWheel(() => options.channels.clock.uptime());
    const hub = { ...options, wheel: this.wheel };
    this.journal = new Journal(options.commits.engine, options.channels, options.journal);
    const entries = withFound(options);
    this.shadows = new Map(
      entries.flatMap((entry) =>
        entry.enabled && entry.shadow ? [[entry.name, new Shadow(entry, entry.shadow, hub)] as const] : [],
      ),
    );
    const plugins = entries.map((entry) => {
      const commits = this.shadows.get(entry.name)?.liveCommits ?? hub.commits;
      return new HostedPlugin(entry, { ...hub, commits });
    });
    this.servers = options.servers.map((entry) => new ExternalServer(entry, hub));
    this.plugins = [...plugins, ...this.servers].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  list(): readonly PluginStatus[] {
    return this.plugins.map((plugin) => ({ ...plugin.status(), shadow: this.shadows.get(plugin.name)?.status() }));
  }

  shadow(plugin: string): ShadowReport {
    const { name } = this.find(plugin);
    const shadow = this.shadows.get(name);
    if (shadow) return shadow.report();
    throw new HubError('shadow_not_found', `The plugin "${name}" has no shadow (plugins.${name}.shadow).`);
  }

  /**
   * Loads the enabled plugins, checks their settings, makes them and begins to bring them events. One that cannot be
   * loaded or made is listed as failed.
   * @throws PluginConfigError with every setting that an enabled plugin does not take; none has run then
   */
  async start(): Promise<void> {
    const { clock } = this.options.channels;
    const stops = [
      clock.every(LOOK_MS, () => this.look()),
      clock.every(WHEEL_TURN_MS, () => {
        this.wheel.turn();
        void this.saveAll();
        this.lookAtShadows();
      }),
    ];
    this.stopTurning = () => {
      for (const stop of stops.splice(0)) stop();
    };
    this.stopCatching = catchLateFaults();
    await this.openJournal();
    await Promise.all(this.plugins.map((plugin) => plugin.load()));
    const faults = this.plugins.flatMap((plugin) => plugin.checkConfig());
    if (faults.length > 0) {
      this.release();
      throw new PluginConfigError(faults);
    }
    await this.follow();
    await Promise.all(this.plugins.map((plugin) => plugin.open()));
    await this.saveAll();
    // Nobody waits for them: a candidate version that takes its time must not keep the hub from starting.
    for (const shadow of this.shadows.values()) void this.begin(shadow);
  }

  async whyNot(plugin: string, event: string): Promise<Story> {
    const hosted = this.find(plugin);
    const { channels } = this.options;
    const { startedAt } = this;
    return whyNot(askedEvent(event), { channels, hosted, follower: this.followers.get(hosted), startedAt });
  }

  async deadLetters(plugin: string, after: string, limit: number): Promise<readonly DeadLetter[]> {
    return (await this.find(plugin).letters.list(after, limit)).map(deadLetterOf);
  }

  async deadLetter(plugin: string, id: string): Promise<DeadLetter> {
    return deadLetterOf((await this.find(plugin).letters.get(id)).letter);
  }

  async reload(plugin: string): Promise<PluginStatus> {
    const found = this.find(plugin);
    await found.reload();
    return found.status();
  }

  async redrive(plugin: string, id: string): Promise<RedriveResult> {
    return this.find(plugin).redrive(id);
  }

  async deleteDeadLetter(plugin: string, id: string): Promise<void> {
    await this.find(plugin).letters.delete(id);
  }

  nextTurns(caller: Caller, terms: TurnPollTerms): WaitingPoll {
    return this.serverOf(caller).next(terms);
  }

  async answerTurn(caller: Caller, lock: string, reply: unknown): Promise<void> {
    return this.serverOf(caller).answer(lock, reply);
  }

  async readState(caller: Caller, lock: string, query: StateQuery): Promise<readonly StateValue[]> {
    return this.serverOf(caller).readState(lock, query);
  }

  /**
   * Stops: takes in no more events, lets turns end, gives up those that have not, and closes the plugins.
   * @param withinMs how long that may take
   */
  async stop(withinMs: number): Promise<void> {
    this.isStopping = true;
    for (const { candidate } of this.shadows.values()) candidate.stop();
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

  /** What plugins wanted when they ran last goes into the journal from now on, until they are loaded. */
  private async openJournal(): Promise<void> {
    const { engine } = this.options.commits;
    const enabled = new Set(this.hosted.filter(({ isEnabled }) => isEnabled).map(({ name }) => name));
    for await (const { key, value } of readAll(engine.table(CURSORS))) {
      if (enabled.has(key)) this.cursors.set(key, JSON.parse(value) as CursorRecord);
      else await this.forgetCursor(key);
    }
    const seq = Math.max(0, ...Array.from(this.cursors.values(), ({ seq }) => seq));
    await this.journal.open(seq);
    await this.follow();
  }

  /** Every enabled plugin reads along in the journal, also one that has failed: it may be mended. */
  private async follow(): Promise<void> {
    const parts = { engine: this.options.commits.engine, journal: this.journal };
    for (const plugin of this.hosted) {
      if (!plugin.isEnabled) continue;
      const follower =
        this.followers.get(plugin) ?? (await Follower.of(plugin.name, this.cursors.get(plugin.name), parts));
      if (!this.followers.has(plugin)) this.journal.add(follower);
      this.followers.set(plugin, follower);
      plugin.follow(follower, () => this.followAgain(plugin));
    }
    if (this.followers.size > 0) this.journal.listen();
    this.journal.trim();
  }

  /** From where a plugin is done with everything, as after a restart. */
  private async followAgain(plugin: Hosted): Promise<Follower> {
    const { engine } = this.options.commits;
    await plugin.save();
    const record = await engine.table(CURSORS).get(plugin.name);
    const cursor = record && (JSON.parse(record.value) as CursorRecord);
    const follower = await Follower.of(plugin.name, cursor, { engine, journal: this.journal });
    const before = this.followers.get(plugin);
    this.journal.add(follower);
    if (before) this.journal.remove(before);
    this.followers.set(plugin, follower);
    return follower;
  }

  /** A plugin that was switched off, or taken away, begins at the present when it comes back. */
  private async forgetCursor(plugin: string): Promise<void> {
    const { engine } = this.options.commits;
    const records = [{ table: CURSORS, key: plugin, value: undefined }];
    for await (const { key } of readAll(engine.table(TURNS), below(plugin))) {
      await engine.commit({ records: [{ table: TURNS, key, value: undefined }] });
    }
    await engine.commit({ records });
    if (plugin.endsWith(SHADOW_SUFFIX)) await forgetShadow(plugin, engine);
  }

  /** Never throws: a candidate version that fails is listed as failed, and takes nothing more in. */
  private async begin(shadow: Shadow): Promise<void> {
    const { candidate } = shadow;
    const follower = this.followers.get(candidate);
    await shadow.load();
    if (!follower || this.isStopping) return;
    candidate.follow(follower, () => this.followAgain(candidate));
    this.journal.listen();
    await candidate.open();
    if (this.isStopping) candidate.stop();
  }

  /** One that has failed keeps no entry of the journal. */
  private lookAtShadows(): void {
    for (const shadow of this.shadows.values()) {
      shadow.look(this.find(shadow.of).status());
      const follower = this.followers.get(shadow.candidate);
      if (!follower || !shadow.hasFailed) continue;
      this.followers.delete(shadow.candidate);
      this.journal.remove(follower);
    }
  }

  /** The plugins and their candidate versions. */
  private get hosted(): readonly Hosted[] {
    return [...this.plugins, ...Array.from(this.shadows.values(), ({ candidate }) => candidate)];
  }

  private async saveAll(): Promise<void> {
    await Promise.all(this.hosted.map((plugin) => plugin.save()));
  }

  private look(): void {
    for (const plugin of this.hosted) plugin.look();
  }

  /** @throws HubError `plugin_not_found`, `unauthorized` */
  private serverOf({ server: name, authorization }: Caller): ExternalServer {
    const found = this.servers.find((server) => server.name === name);
    if (!found)
      throw new HubError('plugin_not_found', `There is no logic server "${name.slice(0, 140)}" in logic_servers.`);
    found.authorize(authorization);
    return found;
  }

  private find(name: string): Hosted {
    const found = this.hosted.find((plugin) => plugin.name === name);
    if (found) return found;
    throw new HubError('plugin_not_found', `There is no plugin "${name.slice(0, 140)}".`);
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
