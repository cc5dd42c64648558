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
