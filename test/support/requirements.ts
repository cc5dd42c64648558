import { accessSync, constants, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { it } from '@jest/globals';
import { mayMount } from './small-disk.js';

/** Programs that some tests drive: the names they go by, and what to install where they are missing. */
const programs = {
  python3: { names: ['python3'], install: 'Python 3 (Debian: apt-get install python3)' },
  curl: { names: ['curl'], install: 'curl (Debian: apt-get install curl)' },
  cc: { names: ['cc', 'gcc', 'clang'], install: 'a C compiler (Debian: apt-get install gcc libc6-dev)' },
  // Comes with the headers, and says where they are.
  'curl-config': {
    names: ['curl-config'],
    install: "libcurl's headers (Debian: apt-get install libcurl4-openssl-dev)",
  },
  sh: { names: ['sh'], install: 'a POSIX shell' },
  chromium: {
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    install: 'Chromium (Debian: apt-get install chromium)',
  },
  mount: { names: ['mount'], install: 'mount, as a user who may use it (Debian: apt-get install mount, and root)' },
} as const;

export type Program = keyof typeof programs;

type Environment = Readonly<Record<string, string | undefined>>;

/** The path of a program on this machine; undefined when it is not installed. */
export function pathOf(program: Program, { PATH = '' }: Environment = process.env): string | undefined {
  const folders = PATH.split(delimiter).filter((folder) => folder !== '');
  const paths = programs[program].names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return paths.find(isExecutable);
}

/** What becomes of a test that needs these programs, and why when it is not run. */
export type Verdict =
  | { readonly is: 'run' }
  | { readonly is: 'skip' | 'fail' /** what to install */; readonly sentence: string };

/** A missing program skips a test; with SIGNALBOX_TEST_ALL=1 it fails it, so that no machine passes by lacking things. */
export function verdictOn(required: readonly Program[], env: Environment = process.env): Verdict {
  const missing = required.filter((program) => pathOf(program, env) === undefined || !mayUse(program));
  if (missing.length === 0) return { is: 'run' };
  const sentence = `Install ${missing.map((program) => programs[program].install).join(' and ')} to run it.`;
  return { is: env.SIGNALBOX_TEST_ALL === '1' ? 'fail' : 'skip', sentence };
}

function mayUse(program: Program): boolean {
  return program !== 'mount' || mayMount();
}

type Test = (name: string, run: () => Promise<void>, timeoutMs?: number) => void;

/** `it` for tests that drive other programs. Where one is missing the test says what to install, and is skipped or fails. */
export function needs(...required: readonly Program[]): Test {
  const verdict = verdictOn(required);
  switch (verdict.is) {
    case 'run':
      return it;
    case 'skip':
      return (name, run) => {
        // Not the console: Jest shows it with a stack.
        process.stderr.write(`Skipped: "${name}". ${verdict.sentence}\n`);
        it.skip(name, run);
      };
    case 'fail':
      return (name) =>
        it(name, () => {
          throw new Error(`${verdict.sentence} SIGNALBOX_TEST_ALL=1 lets no test be skipped.`);
        });
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
