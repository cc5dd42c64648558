import { Command, Option } from 'commander';
import { type RecordOptions, record } from '../record.js';
import { type ReplayCommandOptions, replayFile } from '../replay.js';
import type { Terminal } from '../terminal.js';
import { examples } from './examples.js';
import { another, duration, setting, speed } from './option-values.js';
import { USUAL_ADMIN } from './usual-urls.js';

/**
 * Adds the commands that make a recording and run one through a plugin.
 * @param end takes a command's exit code
 */
export function addRecordingCommands(program: Command, terminal: Terminal, end: (exitCode: number) => void): void {
  addRecord(program).action(async (options: RecordOptions) => end(await record(options, terminal)));
  addReplay(program).action(async (file: string, options: ReplayCommandOptions) =>
    end(await replayFile(file, options, terminal)),
  );
}

function addRecord(program: Command): Command {
  return program
    .command('record')
    .description('write events, commands and outcomes of a hub to a file as they come, until it gets SIGINT or SIGTERM')
    .requiredOption('--out <file>', 'file to write, a JSON object a line')
    .addOption(new Option('--pattern <pattern>', 'only channels that match; may be given again').argParser(another))
    .addOption(new Option('--for <time>', 'end after a time, such as 10m').argParser(duration))
    .option('--from <when>', 'now; oldest: what the hub keeps comes first; or a time to begin at', 'now')
    .option('--resume', 'go on with the file where it ends')
    .option('--force', 'replace a file of that name')
    .option('--admin <url>', "the hub's admin door", USUAL_ADMIN)
    .addHelpText(
      'after',
      examples(
        'signalbox record --out night.ndjson',
        "signalbox record --out fan-1.ndjson --pattern 'devices/fan-1/#' --for 10m --from oldest",
        'signalbox record --out night.ndjson --resume',
      ),
    );
}

function addReplay(program: Command): Command {
  return program
    .command('replay')
    .description('run a recording through a plugin, with no effect, and show the commands that it would send')
    .argument('<file>', 'the recording')
    .requiredOption('--plugin <plugin>', 'its file or folder, compiled, or its name in plugins/ or node_modules/')
    .option('--as <name>', "the plugin's name in the hub that was recorded (default: that of its logic server)")
    .option('--config <file>', "configuration file that has the plugin's settings (default: signalbox.yaml)")
    .addOption(new Option('--set <key=value>', 'one of its settings; may be given again').argParser(setting))
    .addOption(new Option('--speed <speed>', 'max, real, or times real: 10x').argParser(speed).default(Infinity, 'max'))
    .option('--diff', 'show what it would send otherwise than was sent; exit code 1 when there is something')
    .option('--json', 'print a JSON object a line')
    .addHelpText(
      'after',
      examples(
        'signalbox replay night.ndjson --plugin thermostat',
        'signalbox replay night.ndjson --plugin ./plugins/thermostat --set limit=26 --diff',
      ),
    );
}
