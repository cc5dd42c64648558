import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { it } from '@jest/globals';

/** Programs that some tests drive: the names they go by, and what to install where they are missing. */
const programs = {
  python3: { names: ['python3'], install: 'Python 3 (Debian: apt-get install python3)' },
  curl: { names: ['curl'], install: 'curl (Debian: apt-get install curl)' },
  sh: { names: ['sh'], install: 'a POSIX shell' },
  chromium: {
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    install: 'Chromium (Debian: apt-get install chromium)',
  },
} as const;

export type Program = keyof typeof programs;

/** The path of a program on this machine; undefined when it is not installed. */
export function pathOf(program: Program): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const paths = programs[program].names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find(isExecutable);
}

type Test = (name: string, run: () => Promise<void>, timeoutMs?: number) => void;

/**
 * `it` for tests that drive other programs. Where one is missing the test is skipped with a line that says what to
 * install; with SIGNALBOX_TEST_ALL=1 in the environment it fails instead, so that no machine passes by lacking things.
 */
export function needs(...required: readonly Program[]): Test {
  const missing = required.filter((program) => pathOf(program) === undefined);
  if (missing.length === 0) return it;
  const sentence = `Install ${missing.map((program) => programs[program].install).join(' and ')}`;
  return process.env.SIGNALBOX_TEST_ALL === '1' ? failing(sentence) : skipped(sentence);
}

function failing(sentence: string): Test {
  return (name) =>
    it(name, () => {
      throw new Error(`${sentence}: SIGNALBOX_TEST_ALL=1 lets no test be skipped.`);
    });
}

function skipped(sentence: string): Test {
  return (name, run) => {
    // Not the console: Jest shows it with a stack.
    process.stderr.write(`Skipped: "${name}". ${sentence} to run it.\n`);
    it.skip(name, run);
  };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
