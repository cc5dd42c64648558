import { type Fault, inOrder } from './fault.js';
import type { PluginConfig, WrittenPlace, WrittenPlaces } from './hub-config.js';
import { unknownKey } from './written-section.js';

/**
 * A setting that a plugin does not take. Plugins know their settings and nothing of files; this room knows files and
 * nothing of plugins. Whoever wires the two hands the faults over.
 */
export interface PluginFault {
  readonly plugin: string;
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
  const placed = faults.map((fault) => {
    const places = plugins.find(({ name }) => name === fault.plugin)?.places;
    return faultOf(fault, places, file ?? 'the defaults');
  });
  return inOrder(placed);
}

/** Plugins that cannot be loaded. @param file as above */
export function unloadedFaults(
  unloaded: readonly { readonly plugin: string; readonly reason: string }[],
  plugins: readonly PluginConfig[],
  file: string | undefined,
): readonly Fault[] {
  return unloaded.map(({ plugin, reason }) => {
    const { line, file: writtenIn } = plugins.find(({ name }) => name === plugin)?.places?.find([]) ?? NOWHERE;
    const where = writtenIn ?? file ?? 'the defaults';
    return { key: `plugins.${plugin}`, file: where, line, value: undefined, allowed: `It cannot be loaded: ${reason}` };
  });
}

const NOWHERE = { line: undefined, file: undefined };

function faultOf(
  { plugin, path, value, problem }: PluginFault,
  places: WrittenPlaces | undefined,
  file: string,
): Fault {
  const allowed = problem.kind === 'value' ? problem.allowed : unknownSetting(path, problem.known);
  const place = places?.find(path);
  if (place) return { ...place, value, allowed };
  const { line, file: writtenIn } = placeAbove(path, places) ?? { line: undefined, file };
  const key = `plugins.${plugin}.config.${path.join('.')}`;
  return { key, file: writtenIn, line, value: undefined, allowed: `It is missing. ${allowed}` };
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
