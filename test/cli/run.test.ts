import { describe, expect, it } from '@jest/globals';
import { run } from '../../src/cli/run.js';
import { FakeTerminal } from './support/fake-terminal.js';

async function typed(...args: string[]) {
  const terminal = new FakeTerminal();
  const exitCode = await run(args, terminal);
  return { exitCode, out: terminal.out, err: terminal.err };
}

describe('the command line', () => {
  it('prints its commands and examples on --help', async () => {
    const { exitCode, out, err } = await typed('--help');
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    for (const word of [
      'start',
      'check',
      'publish',
      'subscribe',
      'backup',
      'restore',
      'inspect',
      'Examples:',
      '$ signalbox check hub.yaml',
      'Exit codes:',
    ]) {
      expect(out).toContain(word);
    }
  });

  it.each(['start', 'check', 'publish', 'subscribe', 'backup', 'restore', 'inspect'])(
    'prints examples on %s --help',
    async (command) => {
      const { exitCode, out } = await typed(command, '--help');
      expect(exitCode).toBe(0);
      expect(out).toContain(`$ signalbox ${command}`);
    },
  );

  it.each(['--version', '-V'])('prints its version on %s', async (option) => {
    expect(await typed(option)).toEqual({ exitCode: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), err: '' });
  });

  it.each([
    [['strat'], "unknown command 'strat'\n(Did you mean start?)"],
    [['--lisen', ':9000'], "unknown option '--lisen'\n(Did you mean --listen?)"],
    [['start', '--confg', 'x'], "unknown option '--confg'\n(Did you mean --config?)"],
    [['subscribe', 'x', '--cuont', '1'], "unknown option '--cuont'\n(Did you mean --count?)"],
    [['publish'], "missing required argument 'channel'"],
    [['check', 'a', 'b'], 'too many arguments'],
    [['subscribe', 'x', '--since', 'yesterday'], 'It must be oldest, now, or a position such as 1795421814:0.'],
    [['subscribe', 'x', '--count', '0'], 'It must be a whole number from 1.'],
    [['subscribe', 'x', '--url', 'hub'], '--url is "hub", which is not a URL'],
    [['publish', 'x', 'hello', '--file', 'y'], 'The message is given twice'],
  ])('ends with 2 and says what it did not understand of %p', async (args, sentence) => {
    const { exitCode, out, err } = await typed(...args);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err).toMatch(/^signalbox: /);
    expect(err).toContain(sentence);
  });

  it.each([[[]], [['start']]])('starts a hub with the arguments %p', async (args) => {
    // The option is refused by what reads the configuration of a hub that is to be started.
    const { exitCode, err } = await typed(...args, '--listen', 'nowhere');
    expect(exitCode).toBe(1);
    expect(err).toContain('--listen is "nowhere"');
  });
});
