import type { Deadlined } from '../channels/deadline-wheel.js';
import { HubError } from '../channels/hub-error.js';
import type { MaybePromise } from '../engine/message-log.js';
import { CurrentVersion } from './current-version.js';
import type { Decisions } from './explaining/decisions.js';
import type { Hosted } from './hosted.js';
import { HostedTurns } from './hosted-turns.js';
import type { PluginDescription } from './inspection/description.js';
import type { Follower } from './journal/follower.js';
import type { ServerDeclaration } from './loading/declared-servers.js';
import type { PluginConfigFault, PluginEntry } from './plugin-entry.js';
import type { PluginState, PluginStatus, RedriveResult } from './plugin-status.js';
import type { PluginSurroundings } from './plugin-surroundings.js';
import { PluginVersions } from './plugin-version.js';
import type { PluginZone } from './plugin-zone.js';
import type { DeadLetters } from './running/dead-letters.js';
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
  private readonly current: CurrentVersion;
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
    this.current = new CurrentVersion({
      ...{ versions: this.versions, turns: this.turns, zone: this },
      fail: (reason, error) => this.fail(reason, error),
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
    return this.current.servers;
  }

  get isEnabled(): boolean {
    return this.entry.enabled;
  }

  /** Finds its file, and when it is enabled loads it. Never throws: a plugin that cannot be loaded has failed. */
  async load(): Promise<void> {
    if (!this.isEnabled) return this.versions.find();
    this.state = 'starting';
    await this.step(() => this.current.load());
  }

  /** What its config class says of its settings. A plugin that could not be loaded has nothing to say. */
  checkConfig(): readonly PluginConfigFault[] {
    const { runtime } = this.current;
    if (!runtime || this.state !== 'starting') return [];
    try {
      return runtime.checkConfig();
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
    this.current.follow(follower, again);
  }

  /** Makes its providers, and begins to bring it what it missed, and what comes. Never throws. */
  async open(): Promise<void> {
    if (this.state === 'starting') await this.step(() => this.current.open(() => this.goOn()));
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
    return this.turns.follower?.progress.isUnsaved ?? false;
  }

  /** Looks whether one of its timers is due. */
  look(): void {
    if (this.state === 'running') this.turns.run?.look();
  }

  /** Writes down how far it has come. */
  save(): MaybePromise<void> {
    return this.turns.follower?.progress.save();
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
    await this.current.close();
    await this.turns.close();
  }

  /** Ends what has not ended by itself. */
  kill(): void {
    this.current.kill();
  }

  /** Something that the plugin began has failed, and nobody caught it. */
  lateFault(error: unknown): void {
    this.turns.counters.lateFaults++;
    const sentence = `The plugin "${this.entry.name}" left an error uncaught: ${messageOf(error)}`;
    this.turns.warnings.warn('late fault', { error }, sentence);
  }

  status(): PluginStatus {
    const { name, from } = this.entry;
    const { current, versions } = this;
    return {
      name,
      version: current.servers[0]?.options.version,
      from: versions.file ?? from,
      ...this.stateAndReason(),
      isolation: current.runtime?.isolation ?? versions.isolation,
      worker: current.runtime?.figures,
      ...this.turns.figures,
    };
  }

  describe(): PluginDescription {
    const { description } = this.current;
    if (description) return description;
    throw new HubError('plugin_failed', `The plugin "${this.name}" is not loaded: it is ${this.state}.`);
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
    const trouble = this.current.runtime?.trouble;
    if (trouble !== undefined) return { state: 'restarting', reason: trouble };
    const pauseReason = this.turns.run?.pauseReason;
    return { state: pauseReason === undefined ? 'running' : 'paused', reason: pauseReason };
  }

  /** One after the other. */
  private reloadInTurn(): Promise<void> {
    const done = this.reloading.then(() => this.current.replace(() => this.goOn()));
    this.reloading = done.catch(() => {});
    return done;
  }

  /** Its version runs. @returns false: it was stopped meanwhile */
  private goOn(): boolean {
    if (this.state === 'stopped') return false;
    this.state = 'running';
    this.reason = undefined;
    this.pause.started();
    return true;
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
