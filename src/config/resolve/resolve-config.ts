import { isAbsolute, resolve } from 'node:path';
import type { HubConfig, PluginConfig, ShadowConfig } from '../hub-config.js';
import type { PluginKeys } from '../keys/plugin-keys.js';
import type { Entry } from '../sources/entry.js';
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
  const config = (keys.config ?? {}) as PluginConfig['config'];
  return {
    name,
    enabled: isOn(keys.enabled),
    from: folderOrPackage(keys.from, entries.get('from')),
    isolation: keys.isolation as PluginConfig['isolation'],
    maxMemoryBytes: bytes(keys.max_memory),
    config,
    places: new EntryPlaces(entries.get('config')),
    shadow: resolveShadow({ keys, entries }, config),
  };
}

function resolveShadow(
  { keys, entries }: Pick<WrittenSection<PluginKeys>, 'keys' | 'entries'>,
  ofPlugin: PluginConfig['config'],
): ShadowConfig | undefined {
  const from = folderOrPackage(keys.shadow, entries.get('shadow'));
  if (from === undefined) return undefined;
  const configKey = keys.shadow_config === undefined ? 'config' : 'shadow_config';
  const config = (keys.shadow_config ?? ofPlugin) as ShadowConfig['config'];
  const places = new EntryPlaces(entries.get(configKey));
  return { from, config, configKey, places, origin: new EntryPlaces(entries.get('shadow')) };
}

/** As in an import: what begins with `./`, `../` or `/` is a folder, all else a package. */
function folderOrPackage(written: unknown, entry: Entry | undefined): string | undefined {
  if (written === undefined) return undefined;
  const from = written as string;
  return /^\.{1,2}(?:\/|$)/.test(from) || isAbsolute(from) ? resolve(entry?.folder ?? '', from) : from;
}
