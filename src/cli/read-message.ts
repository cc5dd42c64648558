import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { EXIT } from './exit-code.js';
import { Failure } from './failure.js';
import { reasonOf } from './system-errors.js';
import { print, type Terminal } from './terminal.js';

/** No hub takes a longer message (maxBodySize), and a command must not read for ever. */
const MAX_MESSAGE_BYTES = 1024 * 1024 * 1024;

/**
 * The message that is to be published: the argument, what a file holds, or all that stdin gives.
 * @param file `-` is stdin
 * @throws Failure when it is given twice, cannot be read or is too long
 */
export async function readMessage(
  argument: string | undefined,
  file: string | undefined,
  terminal: Terminal,
): Promise<Buffer> {
  if (argument !== undefined && file !== undefined) {
    throw new Failure('The message is given twice, as an argument and by --file; leave one out.', EXIT.usage);
  }
  if (argument !== undefined) return Buffer.from(argument);
  if (file !== undefined && file !== '-') return readAll(createReadStream(file), `The file ${file}`);
  if (terminal.isInteractive) await print(terminal.stderr, 'Type the message; Ctrl-D on a line of its own ends it.\n');
  return readAll(terminal.stdin, 'Standard input');
}

async function readAll(source: Readable, name: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_MESSAGE_BYTES) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw new Failure(`${name} cannot be read: ${reasonOf(error)}.`);
  }
  if (size <= MAX_MESSAGE_BYTES) return Buffer.concat(chunks);
  throw new Failure(`${name} has more than ${MAX_MESSAGE_BYTES} bytes; no hub takes a message that long.`);
}
