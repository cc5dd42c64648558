import { Argument, Command, InvalidArgumentError, Option, type OutputConfiguration } from 'commander';
import { parseDuration } from '../config/units/duration.js';
import { packageVersion } from '../telemetry/package-version.js';
import { type BackupOptions, backup } from './backup.js';
import { check } from './check.js';
import { type DeadLettersOptions, deadLetters } from './dead-letters.js';
import { dev } from './dev.js';
import { type InspectOptions, inspect } from './inspect.js';
import { type InspectPluginOptions, inspectPlugin } from './inspect-plugin.js';
import { type NewPluginOptions, newPlugin } from './new-plugin.js';
import { type Place, parsePlace } from './place.js';
import { type PublishOptions, publish } from './publish.js';
import { type RecordOptions, record } from './record.js';
import { type ReplayCommandOptions, replayFile } from './replay.js';
import { type RestoreCommandOptions, restore } from './restore.js';
import { type Settings, withSetting } from './setting.js';
import { type ShadowOptions, shadow } from './shadow.js';
import { type StartOptions, start } from './start.js';
import { type SubscribeOptions, subscribe } from './subscribe.js';
import type { Terminal } from './terminal.js';
import { type WhyOptions, whyCommand, whyNot } from './why.js';

const USUAL_HUB = 'http://127.0.0.1:8080';
const USUAL_ADMIN = 'http://127.0.0.1:8081';

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
  addStart(program).action(async (options: StartOptions) => end(await start(options, terminal)));
  addDev(program).action(async (options: StartOptions) => end(await dev(options, terminal)));
  addCheck(program).action(async (file: string | undefined) => end(await check(file, terminal)));
  addPublish(program).action(async (channel: string, message: string | undefined, options: PublishOptions) =>
    end(await publish(channel, message, options, terminal)),
  );
  addSubscribe(program).action(async (channel: string, options: SubscribeOptions) =>
    end(await subscribe(channel, options, terminal)),
  );
  addBackup(program).action(async (file: string, options: BackupOptions) => end(await backup(file, options, terminal)));
  addRestore(program).action(async (file: string, options: RestoreCommandOptions) =>
    end(await restore(file, options, terminal)),
  );
  addInspect(program).action(async (file: string | undefined, options: InspectOptions) =>
    end(await inspect(file, options, terminal)),
  );
  addDeadLetters(program).action(async (plugin: string, id: string | undefined, options: DeadLettersOptions) =>
    end(await deadLetters(plugin, id, options, terminal)),
  );
  addRecord(program).action(async (options: RecordOptions) => end(await record(options, terminal)));
  addReplay(program).action(async (file: string, options: ReplayCommandOptions) =>
    end(await replayFile(file, options, terminal)),
  );
  const plugin = addPlugin(program);
  addNewPlugin(plugin).action(async (name: string, options: NewPluginOptions) =>
    end(await newPlugin(name, options, terminal)),
  );
  addInspectPlugin(plugin).action(async (name: string, newer: string | undefined, options: InspectPluginOptions) =>
    end(await inspectPlugin(name, newer, options, terminal)),
  );
  addShadow(plugin).action(async (name: string, options: ShadowOptions) => end(await shadow(name, options, terminal)));
  addWhy(program).action(async (_what: string, id: string, options: WhyOptions) =>
    end(await whyCommand(id, options, terminal)),
  );
  addWhyNot(program).action(async (event: string, plugin: string, options: WhyOptions) =>
    end(await whyNot(event, plugin, options, terminal)),
  );
  return program;
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

function withHubOptions(command: Command): Command {
  return command
    .option('--config <file>', 'configuration file (default: signalbox.yaml when there is one)')
    .option('--listen <host:port>', 'where devices, publishers and subscribers come in; port 0 is any free one')
    .option('--admin <host:port>', 'where the admin API listens')
    .option('--data <dir>', 'folder for what the hub keeps; made when it is not there');
}

function addCheck(program: Command): Command {
  return program
    .command('check')
    .description('tell what a configuration comes to, or everything that is wrong with it')
    .argument('[file]', 'configuration file (default: signalbox.yaml when there is one)')
    .addHelpText('after', examples('signalbox check', 'signalbox check hub.yaml'));
}

function addPublish(program: Command): Command {
  return program
    .command('publish')
    .description('publish a message and print the state of the channel')
    .argument('<channel>', 'channel to publish to')
    .argument('[message]', 'the message (default: what --file or standard input gives)')
    .option('--url <url>', 'the hub, or one of its publisher locations', USUAL_HUB)
    .option('--type <content-type>', 'Content-Type of the message')
    .option('--file <file>', 'file that holds the message; - is standard input')
    .addHelpText(
      'after',
      examples(
        "signalbox publish demo 'hello'",
        'signalbox publish devices/fan-1/commands --type application/json --file command.json',
        'date | signalbox publish clock --url http://hub.example:8080',
      ),
    );
}

function addSubscribe(program: Command): Command {
  return program
    .command('subscribe')
    .description('follow a channel and print each message, until it gets SIGINT or SIGTERM')
    .argument('<channel>', 'channel to follow')
    .option('--url <url>', 'the hub, or one of its subscriber locations', USUAL_HUB)
    .addOption(
      new Option('--since <place>', 'oldest, now, or T:tag: the position of a message to begin behind')
        .argParser(place)
        .default({ behind: 'nothing' } satisfies Place, 'oldest'),
    )
    .addOption(new Option('--count <n>', 'end after n messages').argParser(count))
    .option('--json', 'print one JSON object a line')
    .addHelpText(
      'after',
      examples(
        'signalbox subscribe demo',
        'signalbox subscribe devices/fan-1/commands --since now --json',
        'signalbox subscribe demo --since 1795421814:0 --count 1',
      ),
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

function addDeadLetters(program: Command): Command {
  return program
    .command('dead-letters')
    .description('list the turns that a plugin gave up for good, drive them again or delete them')
    .argument('<plugin>', 'name of the plugin')
    .argument('[id]', 'one of them (default: all)')
    .option('--redrive', 'call the handler once more for each')
    .option('--delete', 'delete each: it is never tried again')
    .option('--admin <url>', "the hub's admin door", USUAL_ADMIN)
    .addHelpText(
      'after',
      examples(
        'signalbox dead-letters thermostat',
        'signalbox dead-letters thermostat --redrive',
        'signalbox dead-letters thermostat 01JDJ8ZC5R6Q8V2E4N7T9X3K1M --delete',
      ),
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
    .requiredOption('--plugin <folder>', 'folder of the plugin, compiled')
    .option('--as <name>', "the plugin's name in the hub that was recorded (default: that of its logic server)")
    .option('--config <file>', "configuration file that has the plugin's settings (default: signalbox.yaml)")
    .addOption(new Option('--set <key=value>', 'one of its settings; may be given again').argParser(setting))
    .addOption(new Option('--speed <speed>', 'max, real, or times real: 10x').argParser(speed).default(Infinity, 'max'))
    .option('--diff', 'show what it would send otherwise than was sent; exit code 1 when there is something')
    .option('--json', 'print a JSON object a line')
    .addHelpText(
      'after',
      examples(
        'signalbox replay night.ndjson --plugin plugins/thermostat',
        'signalbox replay night.ndjson --plugin plugins/thermostat --set limit=26 --diff',
      ),
    );
}

function addPlugin(program: Command): Command {
  return program.command('plugin').description('make a plugin, see what one may do, or look at its candidate version');
}

function addNewPlugin(plugin: Command): Command {
  return plugin
    .command('new')
    .description('make a plugin that runs, with tests that pass')
    .argument('<name>', 'its name, and that of its folder: lower case letters, digits and -')
    .option('--dir <dir>', 'folder that its own is made in', 'plugins')
    .addHelpText(
      'after',
      examples('signalbox plugin new presence-alarm', 'signalbox plugin new tariff --dir ../logic'),
    );
}

function addInspectPlugin(plugin: Command): Command {
  return plugin
    .command('inspect')
    .description('tell what a plugin gets, may do and can be set to, without running it')
    .argument('<plugin>', 'its file or folder, or its name in plugins/ or node_modules/')
    .argument('[newer]', 'a newer version of it: what is different is told')
    .option('--json', 'print a JSON object')
    .addHelpText(
      'after',
      examples('signalbox plugin inspect thermostat', 'signalbox plugin inspect plugins/thermostat ./next/thermostat'),
    );
}

function addShadow(plugin: Command): Command {
  return plugin
    .command('shadow')
    .description("tell how a plugin's candidate version does beside it, and what it does otherwise")
    .argument('<name>', 'name of the plugin')
    .option('--json', 'print a JSON object')
    .option('--admin <url>', "the hub's admin door", USUAL_ADMIN)
    .addHelpText('after', examples('signalbox plugin shadow thermostat', 'signalbox plugin shadow thermostat --json'));
}

function addWhy(program: Command): Command {
  return program
    .command('why')
    .description('tell why a command was sent, and what became of it')
    .addArgument(new Argument('<what>', 'what is asked about').choices(['command']))
    .argument('<id>', 'its id')
    .option('--admin <url>', "the hub's admin door", USUAL_ADMIN)
    .addHelpText('after', examples('signalbox why command 01JDJ8ZC5R6Q8V2E4N7T9X3K1M'));
}

function addWhyNot(program: Command): Command {
  return program
    .command('why-not')
    .description('tell why a plugin did nothing about an event, or what it did')
    .argument('<event>', 'its channel, and behind an @ its position (default: the last of the channel)')
    .argument('<plugin>', 'name of the plugin or the logic server')
    .option('--admin <url>', "the hub's admin door", USUAL_ADMIN)
    .addHelpText('after', examples('signalbox why-not devices/fan-1/events/temperature@1795421814:0 thermostat'));
}

function withDataOptions(command: Command): Command {
  return command
    .option('--config <file>', 'configuration file that names the data folder (default: signalbox.yaml)')
    .option('--data <dir>', 'the data folder (default: that of the configuration)');
}

function place(text: string): Place {
  const parsed = parsePlace(text);
  if (parsed) return parsed;
  throw new InvalidArgumentError('It must be oldest, now, or a position such as 1795421814:0.');
}

function count(text: string): number {
  const parsed = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (parsed > 0) return parsed;
  throw new InvalidArgumentError('It must be a whole number from 1.');
}

function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms !== undefined && ms > 0 && ms < 2 ** 31) return ms;
  throw new InvalidArgumentError('It must be a time such as 90s, 10m or 8h, up to 24 days.');
}

/** @returns times as fast as it was */
function speed(text: string): number {
  if (text === 'max') return Number.POSITIVE_INFINITY;
  if (text === 'real') return 1;
  const times = Number(/^(\d{1,6}(?:\.\d{1,3})?)x$/.exec(text)?.[1] ?? 0);
  if (times > 0) return times;
  throw new InvalidArgumentError('It must be max, real, or how many times as fast, such as 10x.');
}

function setting(text: string, others?: Settings): Settings {
  const settings = withSetting(text, others);
  if (settings) return settings;
  throw new InvalidArgumentError('It must be a key and a value, such as limit=26.');
}

function another(text: string, others: readonly string[] = []): readonly string[] {
  return [...others, text];
}

function outputTo({ stdout, stderr }: Terminal): OutputConfiguration {
  return {
    writeOut: (text) => void stdout.write(text),
    writeErr: (text) => void stderr.write(text),
    outputError: (text, write) => write(text.replace(/^error: /, 'signalbox: ')),
  };
}

function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}\n`).join('')}`;
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
