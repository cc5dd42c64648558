import type { Fault } from './fault.js';
import type { PluginConfig, WrittenPlace } from './hub-config.js';
import { unknownKey } from './written-section.js';

/**
 * A setting that a plugin does not take. Plugins know their settings and nothing of files; this room knows files and
 * nothing of plugins. Whoever wires the two hands the faults over.
 */
export interface PluginFault {
  readonly plugin: string;
  /** within `config` */
  readonly path: string;
  readonly value: unknown;
  readonly problem:
    | { readonly kind: 'value'; readonly allowed: string }
    | { readonly kind: 'unknown key'; readonly known: readonly string[] };
}

/** The same with file, line and key. @param file of the configuration; undefined when none was read */
export function pluginFaults(
  faults: readonly PluginFault[],
  plugins: readonly PluginConfig[],
  file: string | undefined,
): readonly Fault[] {
  return faults.map((fault) => {
    const places = plugins.find(({ name }) => name === fault.plugin)?.places ?? new Map<string, WrittenPlace>();
    return faultOf(fault, places, file ?? 'the defaults');
  });
}

function faultOf({ plugin, path, value, problem }: PluginFault, places: PluginConfig['places'], file: string): Fault {
  const allowed = problem.kind === 'value' ? problem.allowed : unknownSetting(path, problem.known);
  const place = places.get(path);
  if (place) return { ...place, value, allowed };
  const { line, file: writtenIn = file } = placeAbove(path, places) ?? { line: undefined };
  const key = `plugins.${plugin}.config.${path}`;
  return { key, file: writtenIn, line, value: undefined, allowed: `It is missing. ${allowed}` };
}

function unknownSetting(path: string, known: readonly string[]): string {
  if (known.length === 0) return 'There is no such key; the plugin has no settings here.';
  return unknownKey(path.slice(path.lastIndexOf('.') + 1), known);
}

/** Of the nearest mapping or list around a key that was not written. */
function placeAbove(path: string, places: PluginConfig['places']): WrittenPlace | undefined {
  const parent = path.replace(/(?:^|\.)[^.[\]]+$|\[\d+\]$/, '');
  if (parent === path || parent === '') return undefined;
  return places.get(parent) ?? placeAbove(parent, places);
}
