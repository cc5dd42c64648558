import { BenchFault } from '../bench-fault.js';

/** One HTTP response; bytes are latin1 characters. */
export interface Response {
  readonly status: number;
  /** header values as they came; '' when the line is absent */
  readonly lastModified: string;
  readonly etag: string;
  readonly body: string;
}

const HEAD_END = '\r\n\r\n';
/** A head that is longer has no end: the server sends something else than HTTP. */
const MAX_HEAD_BYTES = 16 * 1024;

/** Cuts the bytes of a keep-alive connection into responses. It knows Content-Length only, which is how polls are answered. */
export class ResponseParser {
  private rest = '';
  /** bytes that `rest` must have before another look at it is of use */
  private wanted = 0;

  /**
   * @param text the next bytes of the connection as latin1, cut anywhere
   * @param take called with each response that is complete now, in order
   * @throws BenchFault when the bytes are no such response
   */
  push(text: string, take: (response: Response) => void): void {
    let all = this.rest === '' ? text : this.rest + text;
    this.rest = '';
    while (all.length > 0) {
      const end = all.length < this.wanted ? -1 : this.takeOne(all, take);
      if (end < 0) {
        this.rest = all;
        return;
      }
      this.wanted = 0;
      all = all.slice(end);
    }
  }

  /** True between responses. */
  get isAtEnd(): boolean {
    return this.rest === '';
  }

  /** Returns where the response at the front ends; -1 when it is not complete. */
  private takeOne(text: string, take: (response: Response) => void): number {
    const headEnd = text.indexOf(HEAD_END);
    if (headEnd < 0) {
      if (text.length > MAX_HEAD_BYTES) throw notHttp(text);
      return -1;
    }
    const head = readHead(text.slice(0, headEnd + 2));
    const bodyStart = headEnd + HEAD_END.length;
    const end = bodyStart + head.contentLength;
    if (text.length < end) {
      this.wanted = end;
      return -1;
    }
    const { status, lastModified, etag } = head;
    take({ status, lastModified, etag, body: text.slice(bodyStart, end) });
    return end;
  }
}

interface Head {
  status: number;
  contentLength: number;
  lastModified: string;
  etag: string;
}

/** @param text from the status line to the CRLF of the last header line */
function readHead(text: string): Head {
  const status = /^HTTP\/1\.1 ([2-5]\d\d) /.exec(text)?.[1];
  if (status === undefined) throw notHttp(text);
  const head: Head = { status: Number(status), contentLength: -1, lastModified: '', etag: '' };
  for (let at = text.indexOf('\r\n') + 2; at < text.length; ) {
    const end = text.indexOf('\r\n', at);
    readLine(text, at, end, head);
    at = end + 2;
  }
  if (head.status === 204 || head.status === 304) head.contentLength = 0;
  if (head.contentLength < 0) throw new BenchFault(`A response has no Content-Length: ${JSON.stringify(text)}.`);
  return head;
}

/** Names are told apart by length first: a response has a dozen lines, and three of them matter. */
function readLine(text: string, at: number, end: number, head: Head): void {
  const colon = text.indexOf(':', at);
  switch (colon - at) {
    case 4:
      if (nameAt(text, at, colon) === 'etag') head.etag = valueAt(text, colon, end);
      break;
    case 13:
      if (nameAt(text, at, colon) === 'last-modified') head.lastModified = valueAt(text, colon, end);
      break;
    case 14:
      if (nameAt(text, at, colon) === 'content-length') head.contentLength = lengthIn(valueAt(text, colon, end));
      break;
    case 17:
      if (nameAt(text, at, colon) !== 'transfer-encoding') break;
      throw new BenchFault('A response is chunked; the answers to polls have a Content-Length.');
  }
}

function lengthIn(value: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new BenchFault(`A response has the Content-Length "${value}".`);
  return Number(value);
}

function nameAt(text: string, at: number, colon: number): string {
  return text.slice(at, colon).toLowerCase();
}

function valueAt(text: string, colon: number, end: number): string {
  return text.slice(colon + 1, end).trim();
}

function notHttp(text: string): BenchFault {
  return new BenchFault(
    `The server sent something that is no HTTP/1.1 response: ${JSON.stringify(text.slice(0, 120))}.`,
  );
}
