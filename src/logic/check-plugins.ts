import { findOut } from './inspection/throwaway-thread.js';
import { type PluginPlaces, pluginFile } from './loading/plugin-file.js';
import type { PluginConfigFault, PluginEntry } from './plugin-entry.js';
import { messageOf } from './running/reader-surroundings.js';

/** A plugin, or its candidate version, that cannot be loaded. */
export interface Unloaded {
  readonly plugin: string;
  /** true: its candidate version */
  readonly ofShadow: boolean;
  readonly reason: string;
}

/** What is wrong with plugins before anything of them has run but their files. */
export interface PluginFaults {
  /** settings that they do not take: the hub would not start, or not run the candidate version */
  readonly settings: readonly PluginConfigFault[];
  /** those that cannot be loaded: the hub would start without them */
  readonly unloaded: readonly Unloaded[];
}

/**
 * Loads the code of the enabled plugins and of their candidate versions, one after the other, makes nothing of it, and checks
 * their settings. Each has a thread with all that this process has, so that code that never ends, or ends its process, is
 * told as well.
 */
export async function checkPlugins(entries: readonly PluginEntry[], places: PluginPlaces): Promise<PluginFaults> {
  const settings: PluginConfigFault[] = [];
  const unloaded: Unloaded[] = [];
  for (const { entry, ofShadow } of entries.flatMap(versionsOf)) {
    const { name, config } = entry;
    try {
      const finding = await findOut<readonly PluginConfigFault[]>({
        file: pluginFile(entry, places),
        entry: { name, config },
      });
      if ('found' in finding) settings.push(...finding.found.map((fault) => ({ ...fault, ofShadow })));
      else unloaded.push({ plugin: name, ofShadow, reason: sentence(finding.fault) });
    } catch (error) {
      unloaded.push({ plugin: name, ofShadow, reason: messageOf(error) });
    }
  }
  return { settings, unloaded };
}

/** What would run of an entry: nothing, the plugin, or its candidate version beside it. */
function versionsOf(entry: PluginEntry): { readonly entry: PluginEntry; readonly ofShadow: boolean }[] {
  if (!entry.enabled) return [];
  const plugin = { entry, ofShadow: false };
  return entry.shadow ? [plugin, { entry: { ...entry, ...entry.shadow }, ofShadow: true }] : [plugin];
}

function sentence(text: string): string {
  return text.replace(/^it /, 'It ').replace(/\.?$/, '.');
}
