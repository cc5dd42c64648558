import { findOut } from './inspection/throwaway-thread.js';
import { type PluginPlaces, pluginFile } from './loading/plugin-file.js';
import type { PluginConfigFault, PluginEntry } from './plugin-entry.js';
import { messageOf } from './running/reader-surroundings.js';

/** What is wrong with plugins before anything of them has run but their files. */
export interface PluginFaults {
  /** settings that they do not take: the hub would not start */
  readonly settings: readonly PluginConfigFault[];
  /** those that cannot be loaded, with the reason: the hub would start without them */
  readonly unloaded: readonly { readonly plugin: string; readonly reason: string }[];
}

/**
 * Loads the code of the enabled plugins, one after the other, makes nothing of it, and checks their settings. Each has a
 * thread with all that this process has, so that code that never ends, or ends its process, is told as well.
 */
export async function checkPlugins(entries: readonly PluginEntry[], places: PluginPlaces): Promise<PluginFaults> {
  const settings: PluginConfigFault[] = [];
  const unloaded: { plugin: string; reason: string }[] = [];
  for (const entry of entries) {
    if (!entry.enabled) continue;
    const { name, config } = entry;
    try {
      const finding = await findOut<readonly PluginConfigFault[]>({
        file: pluginFile(entry, places),
        entry: { name, config },
      });
      if ('found' in finding) settings.push(...finding.found);
      else unloaded.push({ plugin: name, reason: sentence(finding.fault) });
    } catch (error) {
      unloaded.push({ plugin: name, reason: messageOf(error) });
    }
  }
  return { settings, unloaded };
}

function sentence(text: string): string {
  return text.replace(/^it /, 'It ').replace(/\.?$/, '.');
}
