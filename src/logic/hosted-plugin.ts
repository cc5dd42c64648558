import { HubError } from '../channels/hub-error.js';
import type { MaybePromise } from '../engine/message-log.js';
import { Decisions } from './explaining/decisions.js';
import type { Hosted, HubSurroundings } from './hosted.js';
import type { Follower } from './journal/follower.js';
import { interestOf } from './journal/interest.js';
import type { ServerDeclaration } from './loading/declared-servers.js';
import { type PluginPlaces, pluginFile } from './loading/plugin-file.js';
import { loggerWith } from './logger-with.js';
import type { PluginConfigFault, PluginEntry } from './plugin-entry.js';
import type { PluginState, PluginStatus, RedriveResult } from './plugin-status.js';
import type { PluginZone } from './plugin-zone.js';
import { DeadLetters } from './running/dead-letters.js';
import type { HandlerHost } from './running/handler-host.js';
import { PluginRun, type PluginRunParts } from './running/plugin-run.js';
import { messageOf, noCounts } from './running/reader-surroundings.js';
import { ThrottledLog } from './running/throttled-log.js';
import { InlineRuntime } from './runtime/inline-runtime.js';
import type { PluginRuntime } from './runtime/plugin-runtime.js';
import { STATE } from './store/tables.js';
import { within } from './within.js';

/** What the hub gives to each plugin. */
export interface PluginSurroundings extends HubSurroundings {
  readonly places: PluginPlaces;
}

/** One plugin's life: found, loaded, checked, made, running, stopped; or failed at any of these, with a reason. */
export class HostedPlugin implements Hosted, PluginZone {
  private state: PluginState = 'disabled';
  private reason: string | undefined;
  private file: string | undefined;
  private runtime: PluginRuntime | undefined;
  private servers: readonly ServerDeclaration[] | undefined;
  private run: PluginRun | undefined;
  private follower: Follower | undefined;
  private readonly counters = noCounts();
  private readonly warnings: ThrottledLog;
  readonly letters: DeadLetters;
  readonly decisions: Decisions;

  constructor(
    private readonly entry: PluginEntry,
    private readonly hub: PluginSurroundings,
  ) {
    const { channels, commits, logger } = hub;
    this.warnings = new ThrottledLog(logger, channels.clock, { plugin: entry.name }, hub.limits.quietMs);
    this.letters = new DeadLetters(entry.name, commits.engine);
    this.decisions = new Decisions(hub.limits.maxDecisions);
  }

  get name(): string {
    return this.entry.name;
  }

  get declarations(): readonly ServerDeclaration[] {
    return this.servers ?? [];
  }

  get isEnabled(): boolean {
    return this.entry.enabled;
  }

  /** Finds its file, and when it is enabled loads it. Never throws: a plugin that cannot be loaded has failed. */
  async load(): Promise<void> {
    if (!this.isEnabled) return this.findFile();
    await this.step(async () => {
      this.state = 'starting';
      this.file = this.entry.module ? undefined : pluginFile(this.entry, this.hub.places);
      const { file = '' } = this;
      const runtime = new InlineRuntime(this.entry, this.hostParts());
      this.runtime = runtime;
      this.servers = await this.inTime('loaded', () => runtime.load(file));
    });
  }

  /** What its config class says of its settings. A plugin that could not be loaded has nothing to say. */
  checkConfig(): readonly PluginConfigFault[] {
    const { runtime } = this;
    if (!runtime || this.state !== 'starting') return [];
    try {
      return runtime.checkConfig();
    } catch (error) {
      this.fail(messageOf(error), error);
      return [];
    }
  }

  /** Its way through the journal; what it wants there is known once it is loaded, and until then as it was last. */
  follow(follower: Follower): void {
    this.follower = follower;
    if (this.servers) follower.want(interestOf(this.servers));
  }

  /** Makes its providers, and begins to bring it what it missed, and what comes. Never throws. */
  async open(): Promise<void> {
    const { runtime, servers, follower } = this;
    if (!runtime || !servers || !follower || this.state !== 'starting') return;
    await this.step(async () => {
      const host = await this.inTime(
        'made',
        () => runtime.open(),
        () => this.close(),
      );
      this.run = await PluginRun.open(servers, this.runParts(follower, host));
      this.state = 'running';
      this.run.start();
    });
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
    if (this.state === 'running') this.state = 'stopped';
  }

  /** Runs the plugin's own hooks for a shutdown. Never throws. */
  async close(): Promise<void> {
    try {
      await this.runtime?.close();
    } catch (error) {
      this.warnings.warn('close', { error }, `It failed while it was closed: ${messageOf(error)}`);
    }
  }

  /** Something that the plugin began has failed, and nobody caught it. */
  lateFault(error: unknown): void {
    this.counters.lateFaults++;
    const sentence = `The plugin "${this.entry.name}" left an error uncaught: ${messageOf(error)}`;
    this.warnings.warn('late fault', { error }, sentence);
  }

  status(): PluginStatus {
    const { name, from } = this.entry;
    const { servers, run, follower, counters, state, reason } = this;
    return {
      name,
      version: servers?.[0]?.options.version,
      from: this.file ?? from,
      state: state === 'running' && run?.isPaused ? 'paused' : state,
      reason,
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

  private findFile(): void {
    try {
      this.file = pluginFile(this.entry, this.hub.places);
    } catch {
      // It is switched off: nobody asked for it, and its status shows what the configuration says.
    }
  }

  private hostParts() {
    const { commits, limits, logger } = this.hub;
    const plugin = this.entry.name;
    const state = commits.engine.table(STATE);
    const maxEffects = limits.maxEffectsPerTurn;
    return { plugin, zone: this, state, maxEffects, logger: loggerWith(logger, { plugin }) };
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

  private inTime<T>(what: string, run: () => Promise<T>, whenLate: (result: T) => void = () => {}): Promise<T> {
    const { channels, limits } = this.hub;
    const result = run();
    return within(channels.clock, limits.openTimeoutMs, result, () => {
      result.then(whenLate, () => {});
      throw new HubError('plugin_failed', `It was not ${what} within ${limits.openTimeoutMs / 1000} s.`);
    });
  }

  private fail(reason: string, error?: unknown): void {
    this.state = 'failed';
    this.reason = reason;
    this.halt();
    const facts = { plugin: this.entry.name, ...(error !== undefined && { error }) };
    this.hub.logger.error(facts, `The plugin "${this.entry.name}" does not run: ${reason}`);
  }

  private halt(): void {
    this.run?.stop();
  }
}
