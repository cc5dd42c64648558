import type { Deadlined } from '../channels/deadline-wheel.js';
import { HubError } from '../channels/hub-error.js';
import type { MaybePromise } from '../engine/message-log.js';
import type { Decisions } from './explaining/decisions.js';
import type { Hosted } from './hosted.js';
import { HostedTurns } from './hosted-turns.js';
import type { PluginDescription } from './inspection/description.js';
import { describeServers } from './inspection/plugin-description.js';
import type { Follower } from './journal/follower.js';
import { interestOf } from './journal/interest.js';
import type { ServerDeclaration } from './loading/declared-servers.js';
import type { PluginConfigFault, PluginEntry } from './plugin-entry.js';
import type { PluginState, PluginStatus, RedriveResult } from './plugin-status.js';
import type { PluginSurroundings } from './plugin-surroundings.js';
import { faultSentence, type PluginVersion, PluginVersions } from './plugin-version.js';
import type { PluginZone } from './plugin-zone.js';
import type { DeadLetters } from './running/dead-letters.js';
import type { HandlerHost } from './running/handler-host.js';
import type { PluginRun } from './running/plugin-run.js';
import { messageOf } from './running/reader-surroundings.js';
import { RestartPause } from './runtime/restart-pause.js';
import { configuredName } from './shadow/shadow-name.js';
import type { Usage } from './store/usage.js';

/**
 * One plugin's life: found, loaded, checked, made, running, reloaded, stopped; or failed at any of these, with a reason.
 * One that failed in a worker of its own is tried again, later each time.
 */
export class HostedPlugin implements Hosted, PluginZone, Deadlined {
  dueAt = 0;
  wheelSlot = -1;
  wheelIndex = 0;
  private readonly turns: HostedTurns;
  private state: PluginState = 'disabled';
  private reason: string | undefined;
  private version: PluginVersion | undefined;
  /** @returns the plugin's follower from where the plugin is done with everything */
  private followAgain: (() => Promise<Follower>) | undefined;
  /** what is done one after the other: each reload waits for the one before it */
  private reloading: Promise<void> = Promise.resolve();
  private readonly versions: PluginVersions;
  private readonly pause: RestartPause;

  constructor(
    private readonly entry: PluginEntry,
    private readonly hub: PluginSurroundings,
  ) {
    this.turns = new HostedTurns(entry.name, hub);
    const { counters, warnings } = this.turns;
    this.pause = new RestartPause(hub.limits, hub.channels.clock);
    this.versions = new PluginVersions({
      ...{ entry, hub, zone: this, counters },
      restarting: (sentence) => warnings.warn('worker ended', {}, sentence),
      changed: () => this.expire(),
    });
  }

  get name(): string {
    return this.entry.name;
  }

  get letters(): DeadLetters {
    return this.turns.letters;
  }

  get decisions(): Decisions {
    return this.turns.decisions;
  }

  get usage(): Usage | undefined {
    return this.turns.run?.usage;
  }

  get declarations(): readonly ServerDeclaration[] {
    return this.version?.servers ?? [];
  }

  get isEnabled(): boolean {
    return this.entry.enabled;
  }

  /** Finds its file, and when it is enabled loads it. Never throws: a plugin that cannot be loaded has failed. */
  async load(): Promise<void> {
    if (!this.isEnabled) return this.versions.find();
    this.state = 'starting';
    await this.step(async () => {
      this.version = await this.versions.load();
    });
  }

  /** What its config class says of its settings. A plugin that could not be loaded has nothing to say. */
  checkConfig(): readonly PluginConfigFault[] {
    const { version } = this;
    if (!version || this.state !== 'starting') return [];
    try {
      return version.runtime.checkConfig();
    } catch (error) {
      this.fail(messageOf(error), error);
      return [];
    }
  }

  /**
   * Its way through the journal; what it wants there is known once it is loaded, and until then as it was last.
   * @param again gives the plugin's follower anew, from where the plugin is done with everything
   */
  follow(follower: Follower, again: () => Promise<Follower>): void {
    this.turns.follower = follower;
    this.followAgain = again;
    if (this.version) follower.want(interestOf(this.version.servers));
  }

  /** Makes its providers, and begins to bring it what it missed, and what comes. Never throws. */
  async open(): Promise<void> {
    const { version } = this;
    const { follower } = this.turns;
    if (!version || !follower || this.state !== 'starting') return;
    await this.step(async () => {
      const host = await this.versions.open(version);
      this.goOn(version, await this.openRun(version, host, follower));
    });
  }

  /**
   * Loads its code anew and goes on with it: the new one is made first, then turns that are open end, then the new one takes
   * over. What it did not come to before waits in the journal.
   * @throws HubError `plugin_failed`: the new one cannot take over, and the old one, if it ran, goes on
   */
  async reload(): Promise<void> {
    this.checkReloadable();
    try {
      await this.reloadInTurn();
    } catch (error) {
      const goesOn = this.state === 'running' ? ', and goes on as it was' : '';
      const sentence = `The plugin "${this.name}" was not reloaded${goesOn}: ${messageOf(error)}`;
      throw new HubError('plugin_failed', sentence, { cause: error });
    }
  }

  /** Its worker failed, and the pause is over; or other code was found at a restart. */
  expire(): void {
    this.reloadInTurn().catch((error: unknown) => this.fail(messageOf(error), error));
  }

  get nextLookInMs(): number {
    const { run } = this.turns;
    return run && this.state === 'running' ? run.nextLookInMs : Number.POSITIVE_INFINITY;
  }

  get isUnsaved(): boolean {
    return this.turns.follower?.isUnsaved ?? false;
  }

  /** Looks whether one of its timers is due. */
  look(): void {
    if (this.state === 'running') this.turns.run?.look();
  }

  /** Writes down how far it has come. */
  save(): MaybePromise<void> {
    return this.turns.follower?.save();
  }

  /** Takes in no more events, and resolves when those that are here were read. */
  async drain(): Promise<void> {
    if (this.state === 'running') await this.turns.run?.drain();
  }

  /** Gives up what is still open. */
  stop(): void {
    this.halt();
    if (this.isEnabled && this.state !== 'failed') this.state = 'stopped';
  }

  /** Runs the plugin's own hooks for a shutdown. Never throws. */
  async close(): Promise<void> {
    await this.closeVersion(this.version);
    await this.turns.close();
  }

  /** Ends what has not ended by itself. */
  kill(): void {
    this.version?.runtime.kill();
  }

  /** Something that the plugin began has failed, and nobody caught it. */
  lateFault(error: unknown): void {
    this.turns.counters.lateFaults++;
    const sentence = `The plugin "${this.entry.name}" left an error uncaught: ${messageOf(error)}`;
    this.turns.warnings.warn('late fault', { error }, sentence);
  }

  status(): PluginStatus {
    const { name, from } = this.entry;
    const { version, versions } = this;
    return {
      name,
      version: version?.servers[0]?.options.version,
      from: versions.file ?? from,
      ...this.stateAndReason(),
      isolation: version?.runtime.isolation ?? versions.isolation,
      worker: version?.runtime.figures,
      ...this.turns.figures,
    };
  }

  describe(): PluginDescription {
    const { version, state } = this;
    if (version) return { servers: describeServers(version.servers), settings: version.runtime.settings };
    throw new HubError('plugin_failed', `The plugin "${this.name}" is not loaded: it is ${state}.`);
  }

  /** @throws HubError `dead_letter_not_found`, `plugin_failed` when it does not run */
  async redrive(id: string): Promise<RedriveResult> {
    const { run } = this.turns;
    if (run && this.state === 'running') return run.redrive(id);
    throw new HubError('plugin_failed', `The plugin "${this.name}" does not run: it is ${this.state}.`);
  }

  /** It must not run, for a reason that its host knows. */
  refuse(reason: string): void {
    this.fail(reason);
  }

  private stateAndReason(): Pick<PluginStatus, 'state' | 'reason'> {
    const { state, reason } = this;
    if (state !== 'running') return { state, reason };
    const trouble = this.version?.runtime.trouble;
    if (trouble !== undefined) return { state: 'restarting', reason: trouble };
    const pauseReason = this.turns.run?.pauseReason;
    return { state: pauseReason === undefined ? 'running' : 'paused', reason: pauseReason };
  }

  /** One after the other. */
  private reloadInTurn(): Promise<void> {
    const done = this.reloading.then(() => this.reloadNow());
    this.reloading = done.catch(() => {});
    return done;
  }

  private async reloadNow(): Promise<void> {
    const version = await this.versions.load();
    try {
      const faults = version.runtime.checkConfig();
      if (faults.length > 0) throw new Error(faultSentence(faults));
      await this.switchTo(version, await this.versions.open(version));
    } catch (error) {
      if (this.version !== version) version.runtime.kill();
      throw error;
    }
  }

  private async switchTo(version: PluginVersion, host: HandlerHost): Promise<void> {
    const { version: oldVersion, followAgain } = this;
    const { run: oldRun } = this.turns;
    if (!followAgain) throw new Error('The hub is starting.');
    await oldRun?.finish();
    try {
      const follower = await followAgain();
      this.turns.follower = follower;
      follower.want(interestOf(version.servers));
      const run = await this.openRun(version, host, follower);
      // In one go, so that pipelines miss nothing.
      oldRun?.stop();
      this.goOn(version, run);
    } catch (error) {
      // The old one begins nothing any more: both end, and the new one is tried again.
      this.fail(messageOf(error), error);
      throw error;
    }
    if (oldVersion !== version) await this.closeVersion(oldVersion);
  }

  private goOn(version: PluginVersion, run: PluginRun): void {
    if (this.state === 'stopped') {
      version.runtime.kill();
      return;
    }
    this.version = version;
    this.turns.run = run;
    this.state = 'running';
    this.reason = undefined;
    this.pause.started();
    run.start();
  }

  /** @throws HubError `plugin_failed` */
  private checkReloadable(): void {
    const { isEnabled, state } = this;
    if (!isEnabled || state === 'stopped' || state === 'starting') {
      throw new HubError('plugin_failed', `The plugin "${this.name}" does not run: it is ${state}.`);
    }
    if (this.versions.isolation !== 'inline') return;
    throw new HubError(
      'plugin_failed',
      `The plugin "${this.name}" runs inline, in the hub's own thread, where code cannot be loaded a second time. Set ` +
        `plugins.${configuredName(this.name)}.isolation to worker, or start the hub anew.`,
    );
  }

  private async closeVersion(version: PluginVersion | undefined): Promise<void> {
    try {
      await version?.runtime.close();
    } catch (error) {
      this.turns.warnings.warn('close', { error }, `It failed while it was closed: ${messageOf(error)}`);
    }
  }

  private openRun({ servers }: PluginVersion, host: HandlerHost, follower: Follower): Promise<PluginRun> {
    return this.turns.open(servers, follower, { host, zone: this, fail: (reason) => this.fail(reason) });
  }

  private async step(take: () => Promise<void>): Promise<void> {
    try {
      await take();
    } catch (error) {
      this.fail(messageOf(error), error);
    }
  }

  private fail(reason: string, error?: unknown): void {
    if (this.state === 'stopped') return;
    this.halt();
    this.kill();
    this.state = 'failed';
    this.reason = reason;
    const facts = { plugin: this.entry.name, ...(error !== undefined && { error }) };
    this.hub.logger.error(facts, `The plugin "${this.entry.name}" does not run: ${reason}`);
    if (this.versions.isolation !== 'worker') return;
    const pauseMs = this.pause.next();
    this.state = 'restarting';
    this.reason = `${reason.replace(/\.?$/, '.')} It is tried again after ${pauseMs / 1_000} s.`;
    this.hub.wheel.arm(this, pauseMs);
  }

  private halt(): void {
    this.hub.wheel.disarm(this);
    this.turns.run?.stop();
  }
}
