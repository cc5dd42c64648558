import { isAbsolute, resolve } from 'node:path';
import type { HubConfig, PluginConfig } from '../hub-config.js';
import type { PluginKeys } from '../keys/plugin-keys.js';
import { EntryPlaces } from '../sources/entry-places.js';
import type { WrittenConfig } from '../written-config.js';
import type { WrittenSection } from '../written-section.js';
import { resolveDevices, resolveLimits } from './resolve-limits.js';
import { resolveLocation } from './resolve-locations.js';
import { resolveLogicServer } from './resolve-logic-server.js';
import { bytes, endpoint, isOn } from './resolve-values.js';

/**
 * Turns a configuration without faults into what the hub works with.
 * @param file absolute; undefined when none was read
 * @param cwd absolute; where the default `data` lies
 */
export function resolveConfig(written: WrittenConfig, file: string | undefined, cwd: string): HubConfig {
  const { keys, entries } = written.top;
  return {
    file,
    listen: endpoint(keys.listen),
    admin: endpoint(keys.admin),
    engine: keys.engine as HubConfig['engine'],
    data: resolve(entries.get('data')?.folder ?? cwd, keys.data as string),
    fastLane: isOn(keys.fast_lane),
    logLevel: keys.log_level as HubConfig['logLevel'],
    limits: resolveLimits(written),
    devices: resolveDevices(written.devices.keys),
    locations: written.locations.map((location) => resolveLocation(location.keys)),
    plugins: Array.from(written.plugins, ([name, plugin]) => resolvePlugin(name, plugin)),
    logicServers: Array.from(written.logicServers, ([name, server]) => resolveLogicServer(name, server)),
    examples: isOn(keys.examples),
  };
}

/** The plugins that the file names with keys that are right, also when other parts of the configuration are not. */
export function rightPlugins({ plugins }: WrittenConfig): readonly PluginConfig[] {
  return Array.from(plugins)
    .filter(([, { entries, faulty }]) => entries.size > 0 && faulty.size === 0)
    .map(([name, plugin]) => resolvePlugin(name, plugin));
}

function resolvePlugin(name: string, { keys, entries }: WrittenSection<PluginKeys>): PluginConfig {
  const placeOf = (key: 'from' | 'shadow') =>
    keys[key] === undefined ? undefined : folderOrPackage(keys[key] as string, entries.get(key)?.folder ?? '');
  const config = (keys.config ?? {}) as PluginConfig['config'];
  const shadow = placeOf('shadow');
  return {
    name,
    enabled: isOn(keys.enabled),
    from: placeOf('from'),
    isolation: keys.isolation as PluginConfig['isolation'],
    maxMemoryBytes: bytes(keys.max_memory),
    config,
    places: new EntryPlaces(entries.get('config')),
    shadow:
      shadow === undefined ? undefined : { from: shadow, config: (keys.shadow_config ?? config) as typeof config },
  };
}

/** As in an import: what begins with `./`, `../` or `/` is a folder, all else a package. */
function folderOrPackage(from: string, folder: string): string {
  return /^\.{1,2}(?:\/|$)/.test(from) || isAbsolute(from) ? resolve(folder, from) : from;
}
