import { parentPort, workerData } from 'node:worker_threads';
import { checkConfig } from '../loading/check-config.js';
import { loadPlugin } from '../loading/load-plugin.js';
import type { PluginConfigFault } from '../plugin-entry.js';
import { messageOf } from '../running/reader-surroundings.js';
import type { PluginDescription } from './description.js';
import { describePlugin } from './plugin-description.js';
import type { Finding, Inquiry } from './throwaway-thread.js';

/** Where the thread begins in which a plugin's module is imported to be looked at. */
parentPort?.postMessage(await finding(workerData as Inquiry));

async function finding({ file, entry }: Inquiry): Promise<Finding<PluginDescription | readonly PluginConfigFault[]>> {
  try {
    const plugin = await loadPlugin(file);
    if (!entry) return { found: describePlugin(plugin) };
    const checked = checkConfig(entry, plugin.configClass);
    return { found: checked.isValid ? [] : checked.faults };
  } catch (error) {
    return { fault: messageOf(error) };
  }
}
