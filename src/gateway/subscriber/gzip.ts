import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { StoredMessage } from '../../engine/message-log.js';
import type { Answer } from '../exchange.js';

/** A smaller body is not worth the head that compressing adds; nginx's gzip_min_length. */
const MIN_BYTES = 20;
const GZIP = /(?:^|,)\s*(?:x-)?gzip\s*(?:;\s*q=(?<q>[\d.]+)\s*)?(?:,|$)/i;

const compress = promisify(gzip);
/** A message's compressed body, made once for all its readers and forgotten with the message. */
const compressedBodies = new WeakMap<StoredMessage, Promise<Buffer>>();

/** True when the client takes gzip and the message is long enough for it. */
export function wantsGzip(acceptEncoding: string | undefined, message: StoredMessage): boolean {
  if (acceptEncoding === undefined || message.body.length < MIN_BYTES) return false;
  const match = GZIP.exec(acceptEncoding);
  return match !== null && Number(match.groups?.q ?? 1) > 0;
}

/** The answer with its body compressed; Last-Modified and Etag stay, for they name the message and not its bytes. */
export async function gzipAnswer(message: StoredMessage, answer: Answer): Promise<Answer> {
  let compressed = compressedBodies.get(message);
  if (!compressed) {
    compressed = compress(message.body);
    compressedBodies.set(message, compressed);
  }
  return { ...answer, headers: [...answer.headers, ['Content-Encoding', 'gzip']], body: await compressed };
}
