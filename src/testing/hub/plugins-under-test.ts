import { resolve } from 'node:path';
import { type LoadedPlugin, loadPlugin, pluginOf } from '../../logic/loading/load-plugin.js';
import { pluginFile } from '../../logic/loading/plugin-file.js';
import type { PluginConfigError, PluginConfigFault, PluginEntry } from '../../logic/plugin-entry.js';

/** A plugin's settings, as they would stand in `signalbox.yaml`. */
export type PluginSettings = Readonly<Record<string, unknown>>;

/** A plugin: its Nest module, or its class with @LogicServer, or the folder that holds it. */
export type PluginSource = object | string;

/** A plugin with settings of its own, for a hub that has several. */
export interface PluginWithConfig {
  readonly plugin: PluginSource;
  readonly config?: PluginSettings;
}

/** Loads a plugin. @param source a folder's relative path begins at the working folder. @throws HubError `plugin_failed` */
export async function entryOf(source: PluginSource, config: PluginSettings = {}): Promise<PluginEntry> {
  const { root, servers } = await loadedPlugin(source);
  // pluginOf has seen that there is one.
  const name = servers[0]?.options.name ?? '';
  return { name, enabled: true, from: undefined, config, module: root };
}

/** What plugins say of settings that they do not take, a sentence for each. */
export function configFaults({ faults }: PluginConfigError): string {
  return faults.map(sentenceOf).join('\n');
}

/** @throws HubError `plugin_failed`, and whatever its file throws */
export async function loadedPlugin(source: PluginSource): Promise<LoadedPlugin> {
  if (typeof source !== 'string') return pluginOf(source);
  const from = resolve(source);
  return loadPlugin(pluginFile({ name: source, enabled: true, from, config: {} }, { folders: [], packages: [] }));
}

function sentenceOf({ plugin, path, value, problem }: PluginConfigFault): string {
  const key = `${plugin}: config.${path.join('.')}`;
  if (problem.kind === 'value') return `${key} is ${JSON.stringify(value)}. ${problem.allowed}`;
  const known = problem.known.length === 0 ? 'it has no settings' : `there are ${problem.known.join(', ')}`;
  return `${key} is no setting of it; ${known}.`;
}
