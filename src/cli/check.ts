import { describeConfig } from '../config/describe-config.js';
import { EXIT } from './exit-code.js';
import { readConfig } from './read-config.js';
import { print, type Terminal } from './terminal.js';

/**
 * `signalbox check`: says what a configuration comes to, each location with all its settings.
 * @returns the exit code
 * @throws ConfigError with every fault
 */
export async function check(file: string | undefined, terminal: Terminal): Promise<number> {
  await print(terminal.stdout, `${describeConfig(readConfig(file, terminal)).trimEnd()}\n`);
  return EXIT.ok;
}
