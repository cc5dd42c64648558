import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import type { Command } from 'commander';
import { createProgram } from '../../src/cli/program.js';
import { FakeTerminal } from './support/fake-terminal.js';

const document = await readFile('docs/cli.md', 'utf8');
const program = createProgram(new FakeTerminal(), () => {});

/** What the tables under `## signalbox …` list in their first column, by command; the program itself is ''. */
function documented(): Record<string, string[]> {
  const sections = document.split(/^## signalbox/m).slice(1);
  return Object.fromEntries(
    sections.map((section) => {
      const name = section.slice(0, section.indexOf('\n')).trim();
      return [name, Array.from(section.matchAll(/^\| `([^`]+)`/gm), ([, term = '']) => term).sort()];
    }),
  );
}

function defined(): Record<string, string[]> {
  const commands = program.commands.flatMap(withName);
  return Object.fromEntries([
    ['', [...termsOf(program), '-h, --help'].sort()],
    ['help', ['[command]']],
    ...commands.map(([name, command]) => [name, termsOf(command).sort()]),
  ]);
}

/** A command that only holds others stands in their names: `plugin new`. */
function withName(command: Command): [string, Command][] {
  if (command.commands.length === 0) return [[command.name(), command]];
  return command.commands.flatMap(withName).map(([name, inner]) => [`${command.name()} ${name}`, inner]);
}

function termsOf({ options, registeredArguments }: Command): string[] {
  const names = registeredArguments.map((argument) =>
    argument.required ? `<${argument.name()}>` : `[${argument.name()}]`,
  );
  return [...names, ...options.map(({ flags }) => flags)];
}

describe('docs/cli.md', () => {
  it('has every command, argument and option that there is, and no other', () => {
    expect(documented()).toEqual(defined());
  });

  it.each(['0', '1', '2', '130, 143'])('tells what the exit code %s means', (code) => {
    expect(document).toContain(`| ${code} | `);
  });
});
