import { readdirSync, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { HubError } from '../../channels/hub-error.js';
import type { PluginEntry } from '../plugin-entry.js';
import { entryOf, packageFolder } from './package-entry.js';

/** The plugins that come with the hub. */
const OWN_PLUGINS = fileURLToPath(new URL('../../../plugins/', import.meta.url));

/** Where plugins are looked for. */
export interface PluginPlaces {
  /** folders that hold a folder for each plugin; an earlier one has the say */
  readonly folders: readonly string[];
  /** folders whose `node_modules`, and those above, hold plugins from npm; an earlier one has the say */
  readonly packages: readonly string[];
}

/**
 * Beside the configuration's file first, then with the hub.
 * @param folder of the configuration's file; undefined when none was read
 */
export function usualPlaces(folder: string | undefined): PluginPlaces {
  if (folder === undefined) return { folders: [OWN_PLUGINS], packages: [OWN_PLUGINS] };
  return { folders: [join(folder, 'plugins'), OWN_PLUGINS], packages: [folder, OWN_PLUGINS] };
}

/**
 * The file that an enabled or disabled plugin begins with.
 * @returns absolute
 * @throws HubError `plugin_failed` with where it was looked for
 */
export function pluginFile({ name, from }: PluginEntry, places: PluginPlaces): string {
  if (from === undefined) return fromPluginFolder(name, places);
  return isAbsolute(from) ? fromFolder(from) : fromPackage(from, places);
}

/** Names of what the plugin folders hold, sorted. */
export function foundPlugins({ folders }: PluginPlaces): readonly string[] {
  return [...new Set(folders.flatMap(pluginsIn))].sort();
}

function pluginsIn(folder: string): string[] {
  if (!isFolder(folder)) return [];
  const inside = readdirSync(folder, { withFileTypes: true });
  // A link may lead to a folder, so the entry's own kind does not tell.
  return inside.map(({ name }) => name).filter((name) => isPlugin(join(folder, name)));
}

function isPlugin(folder: string): boolean {
  try {
    return isFolder(folder) && entryOf(folder) !== undefined;
  } catch {
    // It cannot be read, and whoever enables it is told why.
    return true;
  }
}

function fromPluginFolder(name: string, places: PluginPlaces): string {
  const named = places.folders.map((folder) => join(folder, name)).filter(isFolder);
  const file = named.map(entryOf).find((entry) => entry !== undefined);
  if (file !== undefined) return file;
  if (named[0] !== undefined) throw withoutEntry(named[0]);
  throw failure(
    `There is no plugin "${name}" in ${places.folders.join(' or ')}; there are ${foundPlugins(places).join(', ')}. ` +
      `Correct the name, or say with plugins.${name}.from where it is.`,
  );
}

function fromFolder(folder: string): string {
  if (!isFolder(folder)) throw failure(`There is no folder ${folder}.`);
  const file = entryOf(folder);
  if (file !== undefined) return file;
  throw withoutEntry(folder);
}

function withoutEntry(folder: string): HubError {
  const lacks = `The folder ${folder} has neither an index.js nor a package.json that names an existing file.`;
  const has = (file: string) => statSync(join(folder, file), { throwIfNoEntry: false }) !== undefined;
  if (has('tsconfig.json'))
    return failure(`${lacks} Its TypeScript has to be compiled first, with "npm run build" or "tsc".`);
  if (has('index.ts'))
    return failure(`${lacks} Its index.ts has to be compiled; name the folder that it is compiled to.`);
  return failure(lacks);
}

function fromPackage(name: string, { packages }: PluginPlaces): string {
  for (const folder of packages) {
    const found = packageFolder(name, folder);
    if (found !== undefined) return fromFolder(found);
  }
  throw failure(
    `The package "${name}" is not installed for ${packages.join(' or ')}. Install it with "npm install ${name}" beside ` +
      'the configuration; a folder is written with "./" before it.',
  );
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function failure(sentence: string): HubError {
  return new HubError('plugin_failed', sentence);
}
