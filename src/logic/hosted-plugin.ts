import type { Channels } from '../channels/channels.js';
import type { DeadlineWheel } from '../channels/deadline-wheel.js';
import { HubError } from '../channels/hub-error.js';
import type { Logger } from '../telemetry/logger.js';
import { checkConfig } from './loading/check-config.js';
import { type LoadedPlugin, loadPlugin } from './loading/load-plugin.js';
import { type PluginPlaces, pluginFile } from './loading/plugin-file.js';
import { loggerWith } from './logger-with.js';
import type { LogicLimits } from './logic-limits.js';
import { openContext, type PluginContext } from './plugin-context.module.js';
import type { PluginConfigFault, PluginEntry } from './plugin-entry.js';
import type { PluginState, PluginStatus } from './plugin-status.js';
import { inZone, type PluginZone } from './plugin-zone.js';
import { Dispatcher } from './running/dispatcher.js';
import type { Effects } from './running/effects.js';
import { EventHandler } from './running/event-handler.js';
import { openReaders } from './running/open-readers.js';
import type { EventReader } from './running/queued-event.js';
import { messageOf, noCounts, type ReaderSurroundings } from './running/reader-surroundings.js';
import { ThrottledLog } from './running/throttled-log.js';
import { within } from './within.js';

/** What the hub gives to each plugin. */
export interface PluginSurroundings {
  readonly channels: Channels;
  readonly effects: Effects;
  readonly wheel: DeadlineWheel;
  readonly logger: Logger;
  readonly limits: LogicLimits;
  readonly places: PluginPlaces;
}

/** One plugin's life: found, loaded, checked, made, running, stopped; or failed at any of these, with a reason. */
export class HostedPlugin implements PluginZone {
  private state: PluginState = 'disabled';
  private reason: string | undefined;
  private file: string | undefined;
  private plugin: LoadedPlugin | undefined;
  private config: object | undefined;
  private context: PluginContext | undefined;
  private readers: readonly EventReader[] = [];
  private readonly counters = noCounts();
  private readonly warnings: ThrottledLog;
  private readonly dispatcher: Dispatcher;

  constructor(
    private readonly entry: PluginEntry,
    private readonly hub: PluginSurroundings,
  ) {
    const { channels, limits, logger } = hub;
    this.warnings = new ThrottledLog(logger, channels.clock, { plugin: entry.name });
    this.dispatcher = new Dispatcher(channels, { counters: this.counters, limits, warnings: this.warnings });
  }

  get isEnabled(): boolean {
    return this.entry.enabled;
  }

  /** Finds its file, and when it is enabled loads it. Never throws: a plugin that cannot be loaded has failed. */
  async load(): Promise<void> {
    if (!this.isEnabled) return this.findFile();
    await this.step(async () => {
      this.state = 'starting';
      const file = pluginFile(this.entry, this.hub.places);
      this.file = file;
      this.plugin = await this.inTime('loaded', () => loadPlugin(file));
    });
  }

  /** What its config class says of its settings. A plugin that could not be loaded has nothing to say. */
  checkConfig(): readonly PluginConfigFault[] {
    const { plugin } = this;
    if (!plugin || this.state === 'failed') return [];
    try {
      const checked = inZone(this, checkConfig, this.entry, plugin.configClass);
      if (!checked.isValid) return checked.faults;
      this.config = checked.config;
    } catch (error) {
      this.fail(messageOf(error), error);
    }
    return [];
  }

  /** Makes its providers and begins to bring it events. Never throws. */
  async open(): Promise<void> {
    const { plugin, config } = this;
    if (!plugin || this.state === 'failed') return;
    await this.step(async () => {
      const context = await this.inTime('made', () => openContext(plugin, config), closeLate);
      this.context = context;
      this.readers = openReaders(plugin.servers, context, this.around());
      this.state = 'running';
      for (const reader of this.readers) reader.start();
      for (const reader of this.readers) this.dispatcher.watch(reader);
    });
  }

  /** Takes in no more events, and resolves when those that are here were read. */
  async drain(): Promise<void> {
    if (this.state === 'running') await this.dispatcher.drain();
  }

  /** Gives up what is still open. */
  stop(): void {
    this.halt();
    if (this.state === 'running') this.state = 'stopped';
  }

  /** Runs the plugin's own hooks for a shutdown. Never throws. */
  async close(): Promise<void> {
    try {
      await inZone(this, () => this.context?.close());
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
    const { plugin, readers, counters, state, reason } = this;
    return {
      name,
      version: plugin?.servers[0]?.options.version,
      from: this.file ?? from,
      state,
      reason,
      patterns: [...new Set(readers.map(({ pattern }) => pattern))],
      queued: this.dispatcher.queued,
      openTurns: readers.reduce((sum, reader) => sum + (reader instanceof EventHandler ? reader.openTurns : 0), 0),
      counters: { ...counters },
    };
  }

  private findFile(): void {
    try {
      this.file = pluginFile(this.entry, this.hub.places);
    } catch {
      // It is switched off: nobody asked for it, and its status shows what the configuration says.
    }
  }

  private around(): ReaderSurroundings {
    const { effects, wheel, channels, limits, logger } = this.hub;
    return {
      zone: this,
      counters: this.counters,
      effects,
      wheel,
      clock: channels.clock,
      limits,
      logger: loggerWith(logger, { plugin: this.entry.name }),
      warnings: this.warnings,
      finish: (event) => this.dispatcher.finish(event),
      leave: (reader) => this.dispatcher.leave(reader),
      fail: (reason) => this.fail(reason),
    };
  }

  private async step(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      this.fail(messageOf(error), error);
    }
  }

  private inTime<T>(what: string, run: () => Promise<T>, whenLate: (result: T) => void = () => {}): Promise<T> {
    const { channels, limits } = this.hub;
    const result = inZone(this, run);
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
    this.dispatcher.stop();
    for (const reader of this.readers) reader.stop();
  }
}

/** A context that nobody waits for any more. */
function closeLate(context: PluginContext): void {
  context.close().catch(() => {});
}
