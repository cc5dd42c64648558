import { channelUrl } from './channel-url.js';
import { EXIT } from './exit-code.js';
import { Failure } from './failure.js';
import { request } from './http-request.js';
import { readMessage } from './read-message.js';
import { refusalOf } from './refusal.js';
import { reasonOf } from './system-errors.js';
import { print, type Terminal } from './terminal.js';

export interface PublishOptions {
  readonly url: string;
  /** the message's Content-Type; undefined: none */
  readonly type?: string;
  /** a file that holds the message; `-` is stdin */
  readonly file?: string;
}

/** A hub that took a message answers at once; one that takes longer is stuck. */
const TIMEOUT_MS = 30_000;

/**
 * `signalbox publish`: posts one message and prints the channel's state.
 * @param message undefined: it is in the file or comes by stdin
 * @returns the exit code
 * @throws Failure when it cannot be read, the hub cannot be reached or it refuses
 */
export async function publish(
  channel: string,
  message: string | undefined,
  options: PublishOptions,
  terminal: Terminal,
): Promise<number> {
  const url = channelUrl(options.url, 'publish', channel);
  const body = await readMessage(message, options.file, terminal);
  const headers: Record<string, string> = options.type === undefined ? {} : { 'Content-Type': options.type };
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const answer = await request(url, { method: 'POST', headers, body, signal }).catch((error: unknown) => {
    throw unreachable(url, error);
  });
  if (answer.status < 200 || answer.status > 299) throw new Failure(refusalOf(answer, url));
  await print(terminal.stdout, `${answer.body.toString('utf8').replaceAll('\r\n', '\n').trimEnd()}\n`);
  return EXIT.ok;
}

function unreachable(url: URL, error: unknown): Failure {
  const isLate = error instanceof DOMException && error.name === 'TimeoutError';
  const reason = isLate ? `it did not answer within ${TIMEOUT_MS / 1000} s` : reasonOf(error);
  const wasSent = !/^(?:connect|getaddrinfo)$/.test((error as NodeJS.ErrnoException).syscall ?? '');
  const came = wasSent ? 'Whether the message was published is not known.' : 'The message was not published.';
  return new Failure(`The hub at ${url.origin} cannot be reached: ${reason}. ${came}`);
}
