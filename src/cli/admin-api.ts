import { EXIT } from './exit-code.js';
import { Failure } from './failure.js';
import { type HttpAnswer, request } from './http-request.js';
import { refusalOf } from './refusal.js';
import { reasonOf } from './system-errors.js';

/** What is asked may take as long as a handler of a plugin. */
const TIMEOUT_MS = 120_000;

/**
 * Where a hub's admin door is.
 * @param written as `--admin` has it
 * @returns without a path
 * @throws Failure of usage when it is not an http or https URL
 */
export function adminUrl(written: string): string {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (url && /^https?:$/.test(url.protocol)) return url.origin;
  throw new Failure(`--admin is "${written}", which is not a URL such as http://127.0.0.1:8081.`, EXIT.usage);
}

/**
 * Asks the admin API.
 * @returns what the answer's JSON says; undefined when it has none
 * @throws Failure when the hub cannot be reached or refuses, or whoever answers is none
 */
export async function askAdmin(address: string, method: string): Promise<unknown> {
  const url = new URL(address);
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const answer = await request(url, { method, headers: {}, signal }).catch((error: unknown) => {
    const isLate = error instanceof DOMException && error.name === 'TimeoutError';
    const reason = isLate ? `it did not answer within ${TIMEOUT_MS / 1000} s` : reasonOf(error);
    throw new Failure(`The hub's admin door at ${url.origin} cannot be reached: ${reason}.`);
  });
  if (answer.status < 200 || answer.status > 299) throw new Failure(refusalOf(answer, url));
  return answer.body.length === 0 ? undefined : jsonIn(answer, url);
}

function jsonIn({ body }: HttpAnswer, url: URL): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (error) {
    const remedy = "See that --admin is a hub's admin door.";
    throw new Failure(`What ${url} answers is no JSON. ${remedy}`, EXIT.failure, { cause: error });
  }
}
