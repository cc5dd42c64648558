import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pluginFile, usualPlaces } from '../loading/plugin-file.js';

/**
 * The file that a plugin begins with.
 * @param plugin a file or a folder, the name of a folder of `plugins/`, or that of a package
 * @param folder from which paths begin, and in which plugins and packages are looked for first
 * @returns absolute
 * @throws HubError `plugin_failed` with where it was looked for
 */
export function findPlugin(plugin: string, folder: string): string {
  const path = resolve(folder, plugin);
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile()) return path;
  const isPluginName = /^[\w.-]+$/.test(plugin);
  const from = found?.isDirectory() ? path : isPluginName ? undefined : plugin;
  return pluginFile({ name: plugin, enabled: true, from, config: {} }, usualPlaces(folder));
}
