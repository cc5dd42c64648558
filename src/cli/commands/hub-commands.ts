import type { Command } from 'commander';
import { check } from '../check.js';
import { dev } from '../dev.js';
import { type StartOptions, start } from '../start.js';
import type { Terminal } from '../terminal.js';
import { examples } from './examples.js';

/**
 * Adds the commands that run a hub or look at its configuration.
 * @param end takes a command's exit code
 */
export function addHubCommands(program: Command, terminal: Terminal, end: (exitCode: number) => void): void {
  addStart(program).action(async (options: StartOptions) => end(await start(options, terminal)));
  addDev(program).action(async (options: StartOptions) => end(await dev(options, terminal)));
  addCheck(program).action(async (file: string | undefined) => end(await check(file, terminal)));
}

function addStart(program: Command): Command {
  return withHubOptions(program.command('start'))
    .description('run a hub until it gets SIGTERM or SIGINT; also what no command at all does')
    .addHelpText('after', examples('signalbox', 'signalbox start --listen :9000', 'signalbox --config hub.yaml'));
}

function addDev(program: Command): Command {
  return withHubOptions(program.command('dev'))
    .description('run a hub, and load its plugins anew when they are saved')
    .addHelpText('after', examples('signalbox dev', 'signalbox dev --config hub.yaml'));
}

function addCheck(program: Command): Command {
  return program
    .command('check')
    .description('tell what a configuration comes to, or everything that is wrong with it')
    .argument('[file]', 'configuration file (default: signalbox.yaml when there is one)')
    .addHelpText('after', examples('signalbox check', 'signalbox check hub.yaml'));
}

function withHubOptions(command: Command): Command {
  return command
    .option('--config <file>', 'configuration file (default: signalbox.yaml when there is one)')
    .option('--listen <host:port>', 'where devices, publishers and subscribers come in; port 0 is any free one')
    .option('--admin <host:port>', 'where the admin API listens')
    .option('--data <dir>', 'folder for what the hub keeps; made when it is not there');
}
