import { DeadlineWheel } from '../channels/deadline-wheel.js';
import { HostedPlugin, type PluginSurroundings } from './hosted-plugin.js';
import { foundPlugins } from './loading/plugin-file.js';
import { PluginConfigError, type PluginEntry } from './plugin-entry.js';
import { type PluginStatus, Plugins } from './plugin-status.js';
import { catchLateFaults } from './plugin-zone.js';
import { within } from './within.js';

/** How often deadlines of turns are looked at. */
const WHEEL_TURN_MS = 1_000;

export interface LogicOptions extends Omit<PluginSurroundings, 'wheel'> {
  /** as the configuration has them; what the plugin folders hold beside them is listed as disabled */
  readonly entries: readonly PluginEntry[];
}

/** All plugins of a hub, from the start to the stop. A plugin's fault is its own: it is told and listed. */
export class Logic extends Plugins {
  private readonly wheel: DeadlineWheel;
  private readonly plugins: readonly HostedPlugin[];
  private stopTurning = () => {};
  private stopCatching = () => {};

  constructor(private readonly options: LogicOptions) {
    super();
    this.wheel = new DeadlineWheel(() => options.channels.clock.uptime());
    const hub = { ...options, wheel: this.wheel };
    this.plugins = withFound(options).map((entry) => new HostedPlugin(entry, hub));
  }

  list(): readonly PluginStatus[] {
    return this.plugins.map((plugin) => plugin.status());
  }

  /**
   * Loads the enabled plugins, checks their settings, makes them and begins to bring them events. One that cannot be
   * loaded or made is listed as failed.
   * @throws PluginConfigError with every setting that an enabled plugin does not take; none has run then
   */
  async start(): Promise<void> {
    this.stopTurning = this.options.channels.clock.every(WHEEL_TURN_MS, () => this.wheel.turn());
    this.stopCatching = catchLateFaults();
    await Promise.all(this.plugins.map((plugin) => plugin.load()));
    const faults = this.plugins.flatMap((plugin) => plugin.checkConfig());
    if (faults.length > 0) {
      this.release();
      throw new PluginConfigError(faults);
    }
    await Promise.all(this.plugins.map((plugin) => plugin.open()));
  }

  /**
   * Stops: takes in no more events, lets turns end, gives up those that have not, and closes the plugins.
   * @param withinMs how long that may take
   */
  async stop(withinMs: number): Promise<void> {
    const stopAll = () => {
      for (const plugin of this.plugins) plugin.stop();
    };
    const ended = Promise.all(this.plugins.map((plugin) => plugin.drain()))
      .then(stopAll)
      .then(() => Promise.all(this.plugins.map((plugin) => plugin.close())))
      .then(() => {});
    if (withinMs > 0) await within(this.options.channels.clock, withinMs, ended, stopAll);
    else stopAll();
    this.release();
  }

  private release(): void {
    this.stopTurning();
    this.stopCatching();
  }
}

/** By name: the configured ones, and beside them what the plugin folders hold, switched off. */
function withFound({ entries, places }: LogicOptions): readonly PluginEntry[] {
  const configured = new Set(entries.map(({ name }) => name));
  const found = foundPlugins(places)
    .filter((name) => !configured.has(name))
    .map((name) => ({ name, enabled: false, from: undefined, config: {} }));
  return [...entries, ...found].sort((a, b) => (a.name < b.name ? -1 : 1));
}
