import { type Fault, inOrder } from './fault.js';
import type { PluginConfig, WrittenPlace, WrittenPlaces } from './hub-config.js';
import { unknownKey } from './written-section.js';

/**
 * A setting that a plugin does not take. Plugins know their settings and nothing of files; this room knows files and
 * nothing of plugins. Whoever wires the two hands the faults over.
 */
export interface PluginFault {
  readonly plugin: string;
  /** true: it is the plugin's candidate version that does not take it */
  readonly ofShadow?: boolean;
  /** keys and indexes within `config` */
  readonly path: readonly string[];
  readonly value: unknown;
  readonly problem:
    | { readonly kind: 'value'; readonly allowed: string }
    | { readonly kind: 'unknown key'; readonly known: readonly string[] };
}

/** The same with file, line and key, in the order of their lines. @param file of the configuration; undefined when none was read */
export function pluginFaults(
  faults: readonly PluginFault[],
  plugins: readonly PluginConfig[],
  file: string | undefined,
): readonly Fault[] {
  const placed = faults.map((fault) => faultOf(fault, writtenFor(fault, plugins), file ?? 'the defaults'));
  return inOrder(placed);
}

/** A plugin, or its candidate version, that cannot be loaded. */
export interface UnloadedPlugin {
  readonly plugin: string;
  readonly ofShadow: boolean;
  readonly reason: string;
}

/** The same as faults. @param file as above */
export function unloadedFaults(
  unloaded: readonly UnloadedPlugin[],
  plugins: readonly PluginConfig[],
  file: string | undefined,
): readonly Fault[] {
  return unloaded.map(({ plugin, ofShadow, reason }) => {
    const written = plugins.find(({ name }) => name === plugin);
    const place = (ofShadow ? written?.shadow?.origin : written?.places)?.find([]);
    return {
      key: ofShadow ? `plugins.${plugin}.shadow` : `plugins.${plugin}`,
      file: place?.file ?? file ?? 'the defaults',
      line: place?.line,
      value: undefined,
      allowed: `It cannot be loaded: ${reason}`,
    };
  });
}

/** The settings that a fault is about, as they were written. */
interface WrittenSettings {
  /** key of the mapping that they stand in */
  readonly key: string;
  readonly places: WrittenPlaces | undefined;
  /** what is told before what is allowed */
  readonly remark: string;
}

function writtenFor({ plugin, ofShadow }: PluginFault, plugins: readonly PluginConfig[]): WrittenSettings {
  const written = plugins.find(({ name }) => name === plugin);
  const { configKey = 'config', places } = (ofShadow ? written?.shadow : undefined) ?? { places: written?.places };
  // The plugin itself may well take it.
  const remark = ofShadow && configKey === 'config' ? 'The shadow does not take it; it may have a shadow_config. ' : '';
  return { key: `plugins.${plugin}.${configKey}`, places, remark };
}

function faultOf({ path, value, problem }: PluginFault, { key, places, remark }: WrittenSettings, file: string): Fault {
  const allowed = remark + (problem.kind === 'value' ? problem.allowed : unknownSetting(path, problem.known));
  const place = places?.find(path);
  if (place) return { ...place, value, allowed };
  const { line, file: writtenIn } = placeAbove(path, places) ?? { line: undefined, file };
  const missing = `${key}.${path.join('.')}`;
  return { key: missing, file: writtenIn, line, value: undefined, allowed: `It is missing. ${allowed}` };
}

function unknownSetting(path: readonly string[], known: readonly string[]): string {
  if (known.length === 0) return 'There is no such key; the plugin has no settings here.';
  return unknownKey(path.at(-1) ?? '', known);
}

/** Of the nearest mapping or list around a key that was not written. */
function placeAbove(path: readonly string[], places: WrittenPlaces | undefined): WrittenPlace | undefined {
  for (let length = path.length - 1; length >= 0; length--) {
    const place = places?.find(path.slice(0, length));
    if (place) return place;
  }
  return undefined;
}
