import { readFile, writeFile } from 'node:fs/promises';
import type { SentCommand } from '../hub/seen-commands.js';

export interface GoldenOptions {
  /** true: writes the file anew, whatever stands there */
  readonly update?: boolean;
}

/** Lines of one side that an error shows. */
const MAX_SHOWN = 20;
const UPDATE = 'SIGNALBOX_UPDATE_GOLDEN';

/** `night.golden.ndjson` for `night.ndjson` */
export function goldenOf(recording: string): string {
  return recording.replace(/(?:\.ndjson)?$/, '.golden.ndjson');
}

/** @throws Error with the lines that differ, or when there is no file and none may be written */
export async function compareGolden(
  file: string,
  commands: readonly SentCommand[],
  { update = process.env[UPDATE] === '1' }: GoldenOptions,
): Promise<void> {
  const lines = commands.map(lineOf);
  const expected = update ? undefined : await readLines(file);
  if (expected) {
    const difference = differenceOf(expected, lines);
    if (difference === '') return;
    throw new Error(`The commands are not those of ${file}:\n${difference}\n${UPDATE}=1 writes it anew.`);
  }
  if (!update && isBuildMachine()) {
    throw new Error(`There is no ${file}. Run the test where CI is not set, look at what it writes, and keep it.`);
  }
  await writeFile(file, lines.map((line) => `${line}\n`).join(''));
}

/** Ids differ from run to run, so they are left out. */
function lineOf({ at, device, name, params }: SentCommand): string {
  return JSON.stringify({ at: new Date(at).toISOString(), device, name, params });
}

function isBuildMachine(): boolean {
  const { CI = '' } = process.env;
  return CI !== '' && CI !== '0' && CI !== 'false';
}

async function readLines(file: string): Promise<string[] | undefined> {
  try {
    return (await readFile(file, 'utf8')).split(/\r?\n/).filter((line) => line !== '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** What stands between the first and the last line that differ; '' when none does. */
function differenceOf(expected: readonly string[], sent: readonly string[]): string {
  let start = 0;
  while (start < expected.length && expected[start] === sent[start]) start++;
  let tail = 0;
  const rest = Math.min(expected.length, sent.length) - start;
  while (tail < rest && expected.at(-1 - tail) === sent.at(-1 - tail)) tail++;
  const gone = expected.slice(start, expected.length - tail);
  const come = sent.slice(start, sent.length - tail);
  if (gone.length === 0 && come.length === 0) return '';
  return [`from line ${start + 1} on`, ...marked('-', gone), ...marked('+', come)].join('\n');
}

function marked(mark: string, lines: readonly string[]): string[] {
  const shown = lines.slice(0, MAX_SHOWN).map((line) => `${mark} ${line}`);
  const left = lines.length - shown.length;
  return left > 0 ? [...shown, `${mark} … and ${left} more`] : shown;
}
