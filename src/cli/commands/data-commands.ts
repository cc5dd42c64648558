import type { Command } from 'commander';
import { type BackupOptions, backup } from '../backup.js';
import { type InspectOptions, inspect } from '../inspect.js';
import { type RestoreCommandOptions, restore } from '../restore.js';
import type { Terminal } from '../terminal.js';
import { examples } from './examples.js';

/**
 * Adds the commands that save, put back and look into what a hub has stored.
 * @param end takes a command's exit code
 */
export function addDataCommands(program: Command, terminal: Terminal, end: (exitCode: number) => void): void {
  addBackup(program).action(async (file: string, options: BackupOptions) => end(await backup(file, options, terminal)));
  addRestore(program).action(async (file: string, options: RestoreCommandOptions) =>
    end(await restore(file, options, terminal)),
  );
  addInspect(program).action(async (file: string | undefined, options: InspectOptions) =>
    end(await inspect(file, options, terminal)),
  );
}

function addBackup(program: Command): Command {
  return withDataOptions(program.command('backup'))
    .description('write what a hub has stored to a file, while it runs or not')
    .argument('<file>', 'file to write; made whole or not at all')
    .option('--force', 'replace a file of that name')
    .addHelpText(
      'after',
      examples('signalbox backup hub.backup', 'signalbox backup --force --data /var/lib/signalbox /backup/hub'),
    );
}

function addRestore(program: Command): Command {
  return withDataOptions(program.command('restore'))
    .description('make a data folder of a backup, while no hub uses it')
    .argument('<file>', 'backup to read; checked before the folder is touched')
    .option('--force', 'replace what a hub has stored in the folder')
    .addHelpText(
      'after',
      examples('signalbox restore hub.backup', 'signalbox restore --data /var/lib/signalbox /backup/hub'),
    );
}

function addInspect(program: Command): Command {
  return withDataOptions(program.command('inspect'))
    .description('tell what a data folder, also one in use, or a backup holds')
    .argument('[file]', 'backup to look into (default: the data folder)')
    .option('--json', 'print a JSON object')
    .addHelpText('after', examples('signalbox inspect', 'signalbox inspect hub.backup --json'));
}

function withDataOptions(command: Command): Command {
  return command
    .option('--config <file>', 'configuration file that names the data folder (default: signalbox.yaml)')
    .option('--data <dir>', 'the data folder (default: that of the configuration)');
}
