import type { Command } from 'commander';
import { type InspectPluginOptions, inspectPlugin } from '../inspect-plugin.js';
import { type NewPluginOptions, newPlugin } from '../new-plugin.js';
import { type ShadowOptions, shadow } from '../shadow.js';
import type { Terminal } from '../terminal.js';
import { examples } from './examples.js';
import { USUAL_ADMIN } from './usual-urls.js';

/**
 * Adds the commands that make a plugin, inspect one and look at its shadow.
 * @param end takes a command's exit code
 */
export function addPluginCommands(program: Command, terminal: Terminal, end: (exitCode: number) => void): void {
  const plugin = addPlugin(program);
  addNewPlugin(plugin).action(async (name: string, options: NewPluginOptions) =>
    end(await newPlugin(name, options, terminal)),
  );
  addInspectPlugin(plugin).action(async (name: string, newer: string | undefined, options: InspectPluginOptions) =>
    end(await inspectPlugin(name, newer, options, terminal)),
  );
  addShadow(plugin).action(async (name: string, options: ShadowOptions) => end(await shadow(name, options, terminal)));
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
    .option('--admin <url>', 'compare it with the version that a hub runs, by its admin door')
    .option('--name <name>', 'what that hub names the plugin, where that is not the name of its logic server')
    .option('--json', 'print a JSON object')
    .addHelpText(
      'after',
      examples(
        'signalbox plugin inspect thermostat',
        'signalbox plugin inspect plugins/thermostat ./next/thermostat',
        `signalbox plugin inspect ./next/thermostat --admin ${USUAL_ADMIN}`,
      ),
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
