import type { Fault } from './fault.js';
import { DeviceKeys } from './keys/device-keys.js';
import { HubKeys } from './keys/hub-keys.js';
import { LimitKeys } from './keys/limit-keys.js';
import { LocationKeys } from './keys/location-keys.js';
import { PLUGIN_NAME, PluginKeys } from './keys/plugin-keys.js';
import { type Entry, faultAt, itemsOf, membersOf, NO_ENTRIES } from './sources/entry.js';
import { type Layer, stackLayers } from './sources/layer.js';
import { readLogicServer, type WrittenLogicServer } from './written-logic-server.js';
import { readSection, type WrittenSection } from './written-section.js';

/** The whole configuration as written, each key checked by itself. */
export interface WrittenConfig {
  readonly top: WrittenSection<HubKeys>;
  readonly limits: WrittenSection<LimitKeys>;
  readonly devices: WrittenSection<DeviceKeys>;
  readonly locations: readonly WrittenLocation[];
  readonly plugins: ReadonlyMap<string, WrittenSection<PluginKeys>>;
  readonly logicServers: ReadonlyMap<string, WrittenLogicServer>;
}

/** An item of `locations`. `entry` is undefined for those that stand when the file has none. */
export interface WrittenLocation extends WrittenSection<LocationKeys> {
  readonly entry: Entry | undefined;
}

/** @param layers a later one has the say */
export function readLayers(layers: readonly Layer[], faults: Fault[]): WrittenConfig {
  const { top, limits, devices } = stackLayers(layers);
  return {
    top: readSection(HubKeys, top, faults),
    limits: readSection(LimitKeys, limits, faults),
    devices: readSection(DeviceKeys, devices, faults),
    locations: readLocations(top.get('locations'), faults),
    plugins: readPlugins(top.get('plugins'), faults),
    logicServers: readLogicServers(top.get('logic_servers'), faults),
  };
}

/** The article's two locations, which the whole project comes from. */
const defaultLocations: readonly Partial<LocationKeys>[] = [
  { path: '/pub', channel: '$arg_id', publisher: true, message_buffer_length: 20, message_timeout: '2h' },
  { path: '/sub', channel: '$arg_id', subscriber: 'long-poll', defaultType: 'text/plain' },
];

const DEFAULT_PLUGIN = 'thermostat';

function readLocations(list: Entry | undefined, faults: Fault[]): readonly WrittenLocation[] {
  const items = itemsOf(list, faults);
  if (list?.items) return items.flatMap((entry) => readLocation(entry, faults));
  return defaultLocations.map((written) => ({
    keys: Object.assign(new LocationKeys(), written),
    entries: NO_ENTRIES,
    faulty: new Set(),
    entry: undefined,
  }));
}

function readLocation(entry: Entry, faults: Fault[]): WrittenLocation[] {
  if (entry.members) return [{ ...readSection(LocationKeys, entry.members, faults, entry), entry }];
  faults.push(faultAt(entry, 'A location is a mapping with at least path, channel, and publisher or subscriber.'));
  return [];
}

function readPlugins(map: Entry | undefined, faults: Fault[]): ReadonlyMap<string, WrittenSection<PluginKeys>> {
  const plugins = new Map([[DEFAULT_PLUGIN, readSection(PluginKeys, NO_ENTRIES, faults)]]);
  for (const [name, entry] of membersOf(map, faults)) {
    if (!PLUGIN_NAME.test(name)) {
      faults.push(faultAt(entry, 'A plugin is named by letters, digits, "_", "-" and ".", at most 128 of them.'));
      continue;
    }
    const members = membersOf(entry, faults);
    // Their keys are the plugin's own to check; here they only must be mappings.
    for (const key of ['config', 'shadow_config']) membersOf(members.get(key), faults);
    plugins.set(name, readSection(PluginKeys, members, faults));
  }
  return plugins;
}

function readLogicServers(map: Entry | undefined, faults: Fault[]): ReadonlyMap<string, WrittenLogicServer> {
  const servers = new Map<string, WrittenLogicServer>();
  for (const [name, entry] of membersOf(map, faults)) {
    if (PLUGIN_NAME.test(name)) servers.set(name, readLogicServer(entry, faults));
    else
      faults.push(faultAt(entry, 'A logic server is named by letters, digits, "_", "-" and ".", at most 128 of them.'));
  }
  return servers;
}
