import { ConfigError, inOrder } from '../config/fault.js';
import type { HubConfig } from '../config/hub-config.js';
import { loadConfig, type Overrides } from '../config/load-config.js';
import { checkLocations } from '../locations/check-locations.js';
import type { Terminal } from './terminal.js';

/**
 * The configuration from a file, the environment and the command line.
 * @throws ConfigError with every fault, those of the locations' paths and templates among them
 */
export function readConfig(file: string | undefined, { env }: Terminal, overrides: Overrides = {}): HubConfig {
  return loadConfig({ ...(file === undefined ? {} : { file }), env, overrides, checkLocations });
}

/**
 * The same. Of a configuration that is refused the plugins are asked too, so that nobody mends it twice.
 * @throws ConfigError with every fault, those of settings that only plugins know among them
 */
export async function readConfigWithPlugins(...of: Parameters<typeof readConfig>): Promise<HubConfig> {
  try {
    return readConfig(...of);
  } catch (error) {
    if (!(error instanceof ConfigError && error.readable?.plugins.length)) throw error;
    // Loaded only now: most configurations are right, and a wrong one without plugins is told at once.
    const { pluginFaultsOf } = await import('../hub.js');
    throw new ConfigError(inOrder([...error.faults, ...(await pluginFaultsOf(error.readable))]));
  }
}
