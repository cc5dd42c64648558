import { HubError } from '../../channels/hub-error.js';
import type { PluginDescription } from './description.js';
import { findOut } from './throwaway-thread.js';

const MAX_HEAP_MIB = 128;

/**
 * Reads what a plugin says of itself, in a thread that has neither a hub nor the environment of this process.
 * @param file that the plugin begins with, absolute
 * @param execArgv Node's options for the thread; left out: those of the process
 * @throws HubError `plugin_failed` with the reason
 */
export async function inspectPlugin(file: string, execArgv?: readonly string[]): Promise<PluginDescription> {
  const finding = await findOut<PluginDescription>(
    { file },
    {
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MIB },
      ...(execArgv && { execArgv: [...execArgv] }),
    },
  );
  if ('found' in finding) return finding.found;
  const reason = finding.fault.replace(/\.?$/, '.');
  throw new HubError('plugin_failed', `The plugin ${file} cannot be looked at: ${reason}`);
}
