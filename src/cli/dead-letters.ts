import { adminUrl, askAdmin } from './admin-api.js';
import { EXIT } from './exit-code.js';
import { Failure } from './failure.js';
import { print, type Terminal } from './terminal.js';

export interface DeadLettersOptions {
  /** the hub's admin door */
  readonly admin: string;
  /** what is done with each of them; neither: they are listed */
  readonly redrive?: boolean;
  readonly delete?: boolean;
}

interface Letter {
  readonly id: string;
  readonly at: string;
  readonly about: string;
  readonly handler: string;
  readonly attempts: number;
  readonly error: string;
  readonly payload: string;
}

const PAGE = 100;

/**
 * `signalbox dead-letters`: lists the turns that a plugin gave up for good, drives them again or deletes them.
 * @param id of one of them; undefined: all
 * @returns the exit code: failed when one that was driven again has failed again
 * @throws Failure when the hub cannot be reached or refuses
 */
export async function deadLetters(
  plugin: string,
  id: string | undefined,
  options: DeadLettersOptions,
  terminal: Terminal,
): Promise<number> {
  if (options.redrive && options.delete) {
    throw new Failure('--redrive and --delete cannot both be done; choose one.', EXIT.usage);
  }
  const letters = `${adminUrl(options.admin)}/admin/plugins/${encodeURIComponent(plugin)}/dead-letters`;
  let hasFailed = false;
  for await (const letter of id === undefined ? all(letters) : one(letters, id)) {
    const { line, isFailure = false } = await actOn(letter, letters, options);
    hasFailed ||= isFailure;
    await print(terminal.stdout, `${line}\n`);
  }
  return hasFailed ? EXIT.failure : EXIT.ok;
}

/** What was done with a letter, and whether it has failed. */
interface Deed {
  readonly line: string;
  readonly isFailure?: boolean;
}

async function actOn(letter: Letter, letters: string, options: DeadLettersOptions): Promise<Deed> {
  const url = `${letters}/${encodeURIComponent(letter.id)}`;
  if (options.delete) {
    await askAdmin(url, 'DELETE');
    return { line: `deleted ${letter.id} ${letter.about}` };
  }
  if (!options.redrive) return { line: described(letter) };
  const { isDone, error } = (await askAdmin(`${url}/redrive`, 'POST')) as { isDone: boolean; error: string | null };
  if (isDone) return { line: `done ${letter.id} ${letter.about}` };
  return { line: `failed again ${letter.id} ${letter.about}: ${error}`, isFailure: true };
}

function described({ id, at, about, handler, attempts, error, payload }: Letter): string {
  return `${id} ${at} ${handler}, ${about}, after ${attempts} attempts: ${error}\n  ${payload}`;
}

/** Page by page; those that are gone meanwhile do not disturb it. */
async function* all(letters: string): AsyncGenerator<Letter> {
  let after: string | null = '';
  while (after !== null) {
    const behind: string = after === '' ? '' : `&after=${after}`;
    const page = (await askAdmin(`${letters}?limit=${PAGE}${behind}`, 'GET')) as {
      letters: Letter[];
      next: string | null;
    };
    yield* page.letters;
    after = page.next;
  }
}

async function* one(letters: string, id: string): AsyncGenerator<Letter> {
  yield (await askAdmin(`${letters}/${encodeURIComponent(id)}`, 'GET')) as Letter;
}
