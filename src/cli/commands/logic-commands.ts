import type { Command } from 'commander';
import { type DeadLettersOptions, deadLetters } from '../dead-letters.js';
import type { Terminal } from '../terminal.js';
import { type WhyMessageOptions, type WhyOptions, whyCommand, whyMessage, whyNot, whyTimer } from '../why.js';
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
  const why = program.command('why').description('tell why a command was sent, a message published or a timer set');
  addWhyCommand(why).action(async (id: string, options: WhyOptions) => end(await whyCommand(id, options, terminal)));
  addWhyMessage(why).action(async (channel: string, position: string | undefined, options: WhyMessageOptions) =>
    end(await whyMessage(channel, position, options, terminal)),
  );
  addWhyTimer(why).action(async (plugin: string, name: string, key: string, options: WhyOptions) =>
    end(await whyTimer(plugin, name, key, options, terminal)),
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

function addWhyCommand(why: Command): Command {
  return why
    .command('command')
    .description('tell which turn, job or producer sent a command, what led to it, and what became of it')
    .argument('<id>', "the command's id")
    .option('--admin <url>', "the hub's admin door", USUAL_ADMIN)
    .addHelpText('after', examples('signalbox why command 01JDJ8ZC5R6Q8V2E4N7T9X3K1M'));
}

function addWhyMessage(why: Command): Command {
  return why
    .command('message')
    .description('tell who published a message, and what led to it')
    .argument('<channel>', "the channel's id")
    .argument('[position]', 'its place there, second:tag (default: the last one)')
    .option('--group <group>', "the channel's group (default: none)")
    .option('--admin <url>', "the hub's admin door", USUAL_ADMIN)
    .addHelpText(
      'after',
      examples(
        'signalbox why message devices/fan-1/events/temperature 1795421814:0',
        'signalbox why message plant/alarms',
      ),
    );
}

function addWhyTimer(why: Command): Command {
  return why
    .command('timer')
    .description('tell which turn set a timer that waits, and what led to it')
    .argument('<plugin>', 'name of the plugin or the logic server')
    .argument('<name>', "the timer's name")
    .argument('<key>', 'its key: the device, where the turn named no other')
    .option('--admin <url>', "the hub's admin door", USUAL_ADMIN)
    .addHelpText('after', examples('signalbox why timer thermostat fan-off fan-1'));
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
