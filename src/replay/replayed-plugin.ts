import type { HubConfig } from '../config/hub-config.js';
import { findPlugin } from '../logic/inspection/find-plugin.js';
import { loadPlugin } from '../logic/loading/load-plugin.js';
import { PluginConfigError, type PluginEntry } from '../logic/plugin-entry.js';
import { configFaults, entryOf, type PluginSettings } from '../testing/hub/plugins-under-test.js';

/** A plugin that is to be played a recording, and the name that it has in hubs. */
export interface ReplayedPlugin {
  readonly entry: PluginEntry;
  readonly name: string;
}

/**
 * Loads a plugin.
 * @param plugin a file or a folder, or the name of one of `plugins/`, or of a package
 * @param settings laid over those that the configuration has for it
 * @param name of the plugin in the configuration and in the recording; undefined: that of its logic server
 * @throws HubError `plugin_failed`, and whatever its file throws
 */
export async function replayedPlugin(
  plugin: string,
  config: HubConfig,
  { settings, name }: { readonly settings: PluginSettings; readonly name: string | undefined },
): Promise<ReplayedPlugin> {
  const { root } = await loadPlugin(findPlugin(plugin, process.cwd()));
  const entry = await entryOf(root);
  const known = name ?? entry.name;
  const configured = config.plugins.find((one) => one.name === known)?.config ?? {};
  return { entry: { ...entry, config: { ...configured, ...settings } }, name: known };
}

/** What a plugin says of settings that it does not take, in sentences; undefined: the error is another one. */
export function settingsFaults(error: unknown): string | undefined {
  return error instanceof PluginConfigError ? configFaults(error) : undefined;
}
