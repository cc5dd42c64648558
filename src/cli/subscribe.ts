import { channelUrl } from './channel-url.js';
import { EXIT } from './exit-code.js';
import { type FollowedMessage, follow } from './follow.js';
import type { Place } from './place.js';
import { print, type Terminal, untilStopped } from './terminal.js';

export interface SubscribeOptions {
  readonly url: string;
  readonly since: Place;
  /** undefined: no end */
  readonly count?: number;
  readonly json?: boolean;
}

/**
 * `signalbox subscribe`: prints each message of a channel, what is known about it on stderr, until it is stopped.
 * @returns the exit code
 * @throws Failure when the hub refuses
 */
export async function subscribe(channel: string, options: SubscribeOptions, terminal: Terminal): Promise<number> {
  const url = channelUrl(options.url, 'subscribe', channel);
  const { signal, release } = untilStopped(terminal);
  const tell = (trouble: string) => void print(terminal.stderr, `signalbox: ${trouble}\n`);
  let left = options.count ?? Number.POSITIVE_INFINITY;
  try {
    for await (const message of follow({ url, since: options.since, signal, tell })) {
      await (options.json ? printLine(message, terminal) : printBody(message, terminal));
      if (--left === 0) break;
    }
  } finally {
    release();
  }
  return EXIT.ok;
}

/** The body as it is, a line end behind it unless it has one, so that the next message begins on a line of its own. */
async function printBody({ second, tag, contentType, body }: FollowedMessage, terminal: Terminal): Promise<void> {
  const type = contentType ?? 'no content type';
  await print(terminal.stderr, `-- ${second}:${tag}, ${type}, ${body.length} bytes\n`);
  await print(terminal.stdout, body.at(-1) === LINE_END ? body : Buffer.concat([body, Buffer.of(LINE_END)]));
}

const LINE_END = 10;

async function printLine({ second, tag, contentType, body }: FollowedMessage, terminal: Terminal): Promise<void> {
  const facts = { position: `${second}:${tag}`, contentType: contentType ?? null };
  await print(terminal.stdout, `${JSON.stringify({ ...facts, ...contentOf(body) })}\n`);
}

/** JSON holds text only; other bytes are written in base64. */
function contentOf(body: Buffer): { body: string } | { base64: string } {
  try {
    return { body: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body) };
  } catch {
    return { base64: body.toString('base64') };
  }
}
