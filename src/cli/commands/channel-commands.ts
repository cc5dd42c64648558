import { Command, Option } from 'commander';
import { type Place } from '../place.js';
import { type PublishOptions, publish } from '../publish.js';
import { type SubscribeOptions, subscribe } from '../subscribe.js';
import type { Terminal } from '../terminal.js';
import { examples } from './examples.js';
import { count, place } from './option-values.js';
import { USUAL_HUB } from './usual-urls.js';

/**
 * Adds the commands that publish to a channel and follow one.
 * @param end takes a command's exit code
 */
export function addChannelCommands(program: Command, terminal: Terminal, end: (exitCode: number) => void): void {
  addPublish(program).action(async (channel: string, message: string | undefined, options: PublishOptions) =>
    end(await publish(channel, message, options, terminal)),
  );
  addSubscribe(program).action(async (channel: string, options: SubscribeOptions) =>
    end(await subscribe(channel, options, terminal)),
  );
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
