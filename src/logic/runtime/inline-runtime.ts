import type { Logger } from '../../telemetry/logger.js';
import type { SettingDescription } from '../inspection/description.js';
import { withoutSecrets } from '../inspection/hidden-defaults.js';
import { describeSettings } from '../inspection/plugin-description.js';
import { checkConfig } from '../loading/check-config.js';
import type { ServerDeclaration } from '../loading/declared-servers.js';
import { type LoadedPlugin, loadPlugin, pluginOf } from '../loading/load-plugin.js';
import { openContext, type PluginContext } from '../plugin-context.module.js';
import type { PluginConfigFault, PluginEntry } from '../plugin-entry.js';
import { inZone } from '../plugin-zone.js';
import { InlineHost, type InlineHostParts } from '../running/inline-host.js';
import type { PluginRuntime } from './plugin-runtime.js';

/** A plugin in the thread that this is made in. */
export class InlineRuntime implements PluginRuntime {
  readonly isolation = 'inline';
  readonly figures = undefined;
  readonly trouble = undefined;
  settings: readonly SettingDescription[] = [];
  private plugin: LoadedPlugin | undefined;
  private config: object | undefined;
  private context: PluginContext | undefined;

  constructor(
    private readonly entry: PluginEntry,
    private readonly parts: InlineHostParts,
    private readonly nestLog?: Logger,
  ) {}

  async load(file: string): Promise<readonly ServerDeclaration[]> {
    const { module } = this.entry;
    this.plugin = await inZone(this.parts.zone, () => (module ? pluginOf(module) : loadPlugin(file)));
    const settings = inZone(this.parts.zone, describeSettings, this.plugin.configClass);
    this.settings = withoutSecrets(settings, process.env);
    return this.plugin.servers;
  }

  checkConfig(): readonly PluginConfigFault[] {
    const checked = inZone(this.parts.zone, checkConfig, this.entry, this.loaded.configClass);
    if (!checked.isValid) return checked.faults;
    this.config = checked.config;
    return [];
  }

  async open(): Promise<InlineHost> {
    const { loaded, config, parts } = this;
    this.context = await inZone(parts.zone, openContext, loaded, config, { logger: this.nestLog });
    return new InlineHost(loaded.servers, this.context, parts);
  }

  async close(): Promise<void> {
    await inZone(this.parts.zone, async () => this.context?.close());
  }

  kill(): void {
    // What runs in the hub's own thread ends with the hub.
  }

  private get loaded(): LoadedPlugin {
    if (this.plugin) return this.plugin;
    throw new Error('The plugin was not loaded.');
  }
}
