import type { Clock } from '../channels/clock.js';
import { checkConfig } from './loading/check-config.js';
import { loadPlugin } from './loading/load-plugin.js';
import { type PluginPlaces, pluginFile } from './loading/plugin-file.js';
import { logicLimits } from './logic-limits.js';
import type { PluginConfigFault, PluginEntry } from './plugin-entry.js';
import { messageOf } from './running/reader-surroundings.js';
import { within } from './within.js';

/** What is wrong with plugins before anything of them has run but their files. */
export interface PluginFaults {
  /** settings that they do not take: the hub would not start */
  readonly settings: readonly PluginConfigFault[];
  /** those that cannot be loaded, with the reason: the hub would start without them */
  readonly unloaded: readonly { readonly plugin: string; readonly reason: string }[];
}

/** Loads the code of the enabled plugins, one after the other, makes nothing of it, and checks their settings. */
export async function checkPlugins(
  entries: readonly PluginEntry[],
  places: PluginPlaces,
  clock: Clock,
): Promise<PluginFaults> {
  const settings: PluginConfigFault[] = [];
  const unloaded: { plugin: string; reason: string }[] = [];
  for (const entry of entries) {
    if (!entry.enabled) continue;
    try {
      settings.push(...(await within(clock, logicLimits.openTimeoutMs, settingFaults(entry, places), tooSlow)));
    } catch (error) {
      unloaded.push({ plugin: entry.name, reason: messageOf(error) });
    }
  }
  return { settings, unloaded };
}

async function settingFaults(entry: PluginEntry, places: PluginPlaces): Promise<readonly PluginConfigFault[]> {
  const { configClass } = await loadPlugin(pluginFile(entry, places));
  const checked = checkConfig(entry, configClass);
  return checked.isValid ? [] : checked.faults;
}

function tooSlow(): never {
  throw new Error(`It was not loaded within ${logicLimits.openTimeoutMs / 1_000} s.`);
}
