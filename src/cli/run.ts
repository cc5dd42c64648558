import { CommanderError } from 'commander';
import { ConfigError } from '../config/fault.js';
import { EXIT } from './exit-code.js';
import { Failure } from './failure.js';
import { createProgram } from './program.js';
import { print, type Terminal } from './terminal.js';

/**
 * Runs one command line. What goes wrong is told in sentences on stderr, never as a stack.
 * @param args without the names of the program and its interpreter
 * @returns the exit code, one of EXIT
 */
export async function run(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = createProgram(terminal, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(withCommand(args), { from: 'user' });
    return exitCode;
  } catch (error) {
    // Commander has told what it did not understand, or has printed the help or the version.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    await print(terminal.stderr, `${toldAs(error)}\n`);
    return error instanceof Failure ? error.exitCode : EXIT.failure;
  }
}

const OF_THE_PROGRAM: readonly (string | undefined)[] = ['-h', '--help', '-V', '--version'];

/** Without a command, or with options first, it is `start`. */
function withCommand(args: readonly string[]): readonly string[] {
  const [first] = args;
  const isStart = first === undefined || (first.startsWith('-') && !OF_THE_PROGRAM.includes(first));
  return isStart ? ['start', ...args] : args;
}

function toldAs(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  return `signalbox: ${error instanceof Error ? error.message : String(error)}`;
}
