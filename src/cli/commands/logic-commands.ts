import { Argument, Command } from 'commander';
import { type DeadLettersOptions, deadLetters } from '../dead-letters.js';
import type { Terminal } from '../terminal.js';
import { type WhyOptions, whyCommand, whyNot } from '../why.js';
import { examples } from './examples.js';
import { USUAL_ADMIN } from './usual-urls.js';

/**
 * Adds the commands that ask a running hub about its logic servers.
 * @param end takes a command's exit code
 */
export function addLogicCommands(program: Command, terminal: Terminal, end: (exitCode: number) => void): void {
  addDeadLetters(program).action(async (plugin: string, id: string | undefined, options: DeadLettersOptions) =>
    end(await deadLetters(plugin, id, options, terminal)),
  );
  addWhy(program).action(async (_what: string, id: string, options: WhyOptions) =>
    end(await whyCommand(id, options, terminal)),
  );
  addWhyNot(program).action(async (event: string, plugin: string, options: WhyOptions) =>
    end(await whyNot(event, plugin, options, terminal)),
  );
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
