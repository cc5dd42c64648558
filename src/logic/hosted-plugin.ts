import type { Deadlined } from '../channels/deadline-wheel.js';
import { HubError } from '../channels/hub-error.js';
import type { MaybePromise } from '../engine/message-log.js';
import { Decisions } from './explaining/decisions.js';
import type { Hosted } from './hosted.js';
import type { Follower } from './journal/follower.js';
import { interestOf } from './journal/interest.js';
import type { ServerDeclaration } from './loading/declared-servers.js';
import { loggerWith } from './logger-with.js';
import type { PluginConfigFault, PluginEntry } from './plugin-entry.js';
import type { PluginState, PluginStatus, RedriveResult } from './plugin-status.js';
import type { PluginSurroundings } from './plugin-surroundings.js';
import { faultSentence, type PluginVersion, PluginVersions } from './plugin-version.js';
import type { PluginZone } from './plugin-zone.js';
import { DeadLetters } from './running/dead-letters.js';
import type { HandlerHost } from './running/handler-host.js';
import { PluginRun, type PluginRunParts } from './running/plugin-run.js';
import { messageOf, noCounts } from './running/reader-surroundings.js';
import { ThrottledLog } from './running/throttled-log.js';
import { RestartPause } from './runtime/restart-pause.js';

/**
 * One plugin's life: found, loaded, checked, made, running, reloaded, stopped; or failed at any of these, with a reason.
 * One that failed in a worker of its own is tried again, later each time.
 */
export class HostedPlugin implements Hosted, PluginZone, Deadlined {
  dueAt = 0;
  wheelSlot = -1;
  wheelIndex = 0;
  readonly letters: DeadLetters;
  private state: PluginState = 'disabled';
  private reason: string | undefined;
  private version: PluginVersion | undefined;
  private run: PluginRun | undefined;
  private follower: Follower | undefined;
  /** @returns the plugin's follower from where the plugin is done with everything */
  private followAgain: (() => Promise<Follower>) | undefined;
  /** what is done one after the other: each reload waits for the one before it */
  private reloading: Promise<void> = Promise.resolve();
  private readonly versions: PluginVersions;
  private readonly counters = noCounts();
  private readonly warnings: ThrottledLog;
  readonly decisions: Decisions;
  private readonly pause: RestartPause;

  constructor(
    private readonly entry: PluginEntry,
    private readonly hub: PluginSurroundings,
  ) {
    const { channels, commits, logger, limits } = hub;
    this.warnings = new ThrottledLog(logger, channels.clock, { plugin: entry.name }, limits.quietMs);
    this.letters = new DeadLetters(entry.name, commits.engine);
    this.decisions = new Decisions(limits.maxDecisions);
    this.pause = new RestartPause(limits, channels.clock);
    this.versions = new PluginVersions({
      ...{ entry, hub, zone: this, counters: this.counters },
      restarting: (sentence) => this.warnings.warn('worker ended', {}, sentence),
      changed: () => this.expire(),
    });
  }

  get name(): string {
    return this.entry.name;
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
    this.follower = follower;
    this.followAgain = again;
    if (this.version) follower.want(interestOf(this.version.servers));
  }

  /** Makes its providers, and begins to bring it what it missed, and what comes. Never throws. */
  async open(): Promise<void> {
    const { version, follower } = this;
    if (!version || !follower || this.state !== 'starting') return;
    await this.step(async () => {
      const host = await this.versions.open(version);
      this.goOn(version, await PluginRun.open(version.servers, this.runParts(follower, host)));
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

  /** Looks whether one of its timers is due. */
  look(): void {
    if (this.state === 'running') this.run?.look();
  }

  /** Writes down how far it has come. */
  save(): MaybePromise<void> {
    return this.follower?.save();
  }

  /** Takes in no more events, and resolves when those that are here were read. */
  async drain(): Promise<void> {
    if (this.state === 'running') await this.run?.drain();
  }

  /** Gives up what is still open. */
  stop(): void {
    this.halt();
    if (this.isEnabled && this.state !== 'failed') this.state = 'stopped';
  }

  /** Runs the plugin's own hooks for a shutdown. Never throws. */
  async close(): Promise<void> {
    await this.closeVersion(this.version);
  }

  /** Ends what has not ended by itself. */
  kill(): void {
    this.version?.runtime.kill();
  }

  /** Something that the plugin began has failed, and nobody caught it. */
  lateFault(error: unknown): void {
    this.counters.lateFaults++;
    const sentence = `The plugin "${this.entry.name}" left an error uncaught: ${messageOf(error)}`;
    this.warnings.warn('late fault', { error }, sentence);
  }

  status(): PluginStatus {
    const { name, from } = this.entry;
    const { version, versions, run, follower, counters } = this;
    return {
      name,
      version: version?.servers[0]?.options.version,
      from: versions.file ?? from,
      ...this.stateAndReason(),
      isolation: version?.runtime.isolation ?? versions.isolation,
      worker: version?.runtime.figures,
      patterns: run?.patterns ?? [],
      queued: run?.queued ?? 0,
      behind: follower?.behind ?? 0,
      lagMs: follower?.lagMs(this.hub.channels.clock.now()) ?? 0,
      retrying: run?.retrying ?? 0,
      openTurns: run?.openTurns ?? 0,
      deadLetters: this.letters.count,
      handlerMs: run?.durations.summary,
      counters: { ...counters },
    };
  }

  /** @throws HubError `dead_letter_not_found`, `plugin_failed` when it does not run */
  async redrive(id: string): Promise<RedriveResult> {
    if (this.run && this.state === 'running') return this.run.redrive(id);
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
    return { state: this.run?.isPaused ? 'paused' : 'running', reason: undefined };
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
    const { run: oldRun, version: oldVersion, followAgain } = this;
    if (!followAgain) throw new Error('The hub is starting.');
    await oldRun?.finish();
    const follower = await followAgain();
    this.follower = follower;
    follower.want(interestOf(version.servers));
    const run = await PluginRun.open(version.servers, this.runParts(follower, host));
    // In one go, so that pipelines miss nothing.
    oldRun?.stop();
    this.goOn(version, run);
    if (oldVersion !== version) await this.closeVersion(oldVersion);
  }

  private goOn(version: PluginVersion, run: PluginRun): void {
    if (this.state === 'stopped') {
      version.runtime.kill();
      return;
    }
    this.version = version;
    this.run = run;
    this.state = 'running';
    this.reason = undefined;
    this.pause.started();
    run.start();
  }

  /** @throws HubError `plugin_failed` */
  private checkReloadable(): void {
    const { isEnabled, state } = this;
    if (!isEnabled || state === 'stopped') {
      throw new HubError('plugin_failed', `The plugin "${this.name}" does not run: it is ${state}.`);
    }
    if (this.versions.isolation !== 'inline') return;
    throw new HubError(
      'plugin_failed',
      `The plugin "${this.name}" runs inline, in the hub's own thread, where code cannot be loaded a second time. Set ` +
        `plugins.${this.name}.isolation to worker, or start the hub anew.`,
    );
  }

  private async closeVersion(version: PluginVersion | undefined): Promise<void> {
    try {
      await version?.runtime.close();
    } catch (error) {
      this.warnings.warn('close', { error }, `It failed while it was closed: ${messageOf(error)}`);
    }
  }

  private runParts(follower: Follower, host: HandlerHost): PluginRunParts {
    const { channels, commits, wheel, limits, logger } = this.hub;
    const { counters, decisions, warnings, letters } = this;
    const plugin = this.entry.name;
    return {
      ...{
        plugin,
        channels,
        commits,
        follower,
        host,
        letters,
        counters,
        decisions,
        wheel,
        limits,
        warnings,
        zone: this,
      },
      clock: channels.clock,
      logger: loggerWith(logger, { plugin }),
      fail: (reason) => this.fail(reason),
    };
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
    this.run?.stop();
  }
}
