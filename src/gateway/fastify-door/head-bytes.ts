import type { IncomingMessage } from 'node:http';

/** ':' and CRLF of a header line */
const LINE_BYTES = 3;

/** The least that the head of a request can have had: its bytes but for white space, which the parser has dropped. */
export function headBytes({ method = '', url = '', httpVersion, rawHeaders }: IncomingMessage): number {
  const lines = rawHeaders.reduce((sum, text) => sum + text.length, (rawHeaders.length / 2) * LINE_BYTES);
  return `${method} ${url} HTTP/${httpVersion}\r\n\r\n`.length + lines;
}
