import { describeConfig } from '../config/describe-config.js';
import { ConfigError } from '../config/fault.js';
import { EXIT } from './exit-code.js';
import { readConfigWithPlugins } from './read-config.js';
import { print, type Terminal } from './terminal.js';

/**
 * `signalbox check`: says what a configuration comes to, each location with all its settings. The files of the enabled
 * plugins are loaded for their settings' rules, in threads; nothing of them is made.
 * @returns the exit code
 * @throws ConfigError with every fault
 */
export async function check(file: string | undefined, terminal: Terminal): Promise<number> {
  const config = await readConfigWithPlugins(file, terminal);
  // Loaded only now: a configuration that cannot be read needs nothing of it.
  const { pluginFaultsOf } = await import('../hub.js');
  const faults = await pluginFaultsOf(config);
  if (faults.length > 0) throw new ConfigError(faults);
  await print(terminal.stdout, `${describeConfig(config).trimEnd()}\n`);
  return EXIT.ok;
}
