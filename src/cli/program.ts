import { Command, type OutputConfiguration } from 'commander';
import { packageVersion } from '../telemetry/package-version.js';
import { addChannelCommands } from './commands/channel-commands.js';
import { addDataCommands } from './commands/data-commands.js';
import { examples } from './commands/examples.js';
import { addHubCommands } from './commands/hub-commands.js';
import { addLogicCommands } from './commands/logic-commands.js';
import { addPluginCommands } from './commands/plugin-commands.js';
import { addRecordingCommands } from './commands/recording-commands.js';
import type { Terminal } from './terminal.js';

/**
 * The command line: every command with its arguments and options. docs/cli.md tells the same; a test compares the two.
 * @param end takes a command's exit code
 */
export function createProgram(terminal: Terminal, end: (exitCode: number) => void): Command {
  const program = new Command('signalbox')
    .description('A control hub for devices that can only make outbound HTTP requests.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureOutput(outputTo(terminal))
    .showHelpAfterError('"signalbox --help" tells the commands and options.')
    .exitOverride()
    .addHelpText('after', PROGRAM_EXAMPLES);
  addHubCommands(program, terminal, end);
  addChannelCommands(program, terminal, end);
  addDataCommands(program, terminal, end);
  addLogicCommands(program, terminal, end);
  addRecordingCommands(program, terminal, end);
  addPluginCommands(program, terminal, end);
  return program;
}

function outputTo({ stdout, stderr }: Terminal): OutputConfiguration {
  return {
    writeOut: (text) => void stdout.write(text),
    writeErr: (text) => void stderr.write(text),
    outputError: (text, write) => write(text.replace(/^error: /, 'signalbox: ')),
  };
}

const PROGRAM_EXAMPLES = `${examples(
  'signalbox --listen :9000',
  'signalbox check hub.yaml',
  'signalbox subscribe demo',
  "signalbox publish demo 'hello'",
  'signalbox backup hub.backup',
)}
Exit codes: 0 done, 1 failed (a sentence on stderr tells why), 2 not understood.
`;
