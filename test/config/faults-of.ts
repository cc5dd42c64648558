import { ConfigError, type Fault, formatFault } from '../../src/config/fault.js';
import type { HubConfig } from '../../src/config/hub-config.js';
import { type ConfigSources, parseConfig } from '../../src/config/load-config.js';

/** The faults that reading tells; none when it succeeds. */
export function faultsOf(read: () => HubConfig): readonly Fault[] {
  try {
    read();
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
}

/** The faults of a text named `hub.yaml`, each as its line. */
export function linesOf(text: string, sources: ConfigSources = {}): readonly string[] {
  return faultsOf(() => parseConfig(text, 'hub.yaml', sources)).map(formatFault);
}
