import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { packageFolder } from '../loading/package-entry.js';
import { foundPlugins, type PluginPlaces, pluginFile, usualPlaces } from '../loading/plugin-file.js';

/** Of a plugin, or of a package, which may have a scope. */
const NAME = /^(@[\w.-]+\/)?\w[\w.-]*$/;

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
  const places = usualPlaces(folder);
  const from = found?.isDirectory() || !NAME.test(plugin) ? path : sourceNamed(plugin, places);
  return pluginFile({ name: plugin, enabled: true, from, config: {} }, places);
}

/** As `from` of the configuration: undefined for what `plugins/` holds, and for what is nowhere. */
function sourceNamed(name: string, places: PluginPlaces): string | undefined {
  if (foundPlugins(places).includes(name)) return undefined;
  const isPackage = name.startsWith('@') || places.packages.some((folder) => packageFolder(name, folder));
  return isPackage ? name : undefined;
}
