/** How a response says where its body ends. */
export type Framing = 'length' | 'chunked' | 'no body' | 'close';

/** One HTTP response as it stood on the wire. */
export class RawResponse {
  constructor(
    /** without its CRLF: `HTTP/1.1 200 OK` */
    readonly statusLine: string,
    /** names and values as sent, in order; bytes are latin1 characters */
    readonly headers: readonly (readonly [name: string, value: string])[],
    readonly framing: Framing,
    /** chunks joined; not decompressed */
    readonly body: Buffer,
  ) {}

  get status(): number {
    return Number(this.statusLine.slice(9, 12));
  }

  /** The body with one latin1 character for each byte. */
  get text(): string {
    return this.body.toString('latin1');
  }

  /** Names of the header lines as they are spelled, in order. */
  get headerNames(): string[] {
    return this.headers.map(([name]) => name);
  }

  /** The value of a header line, whatever its case; undefined when there is none. @throws when there are two */
  header(name: string): string | undefined {
    const values = this.headers.filter(([sent]) => sent.toLowerCase() === name.toLowerCase()).map(([, value]) => value);
    if (values.length > 1) throw new Error(`The header ${name} came ${values.length} times: ${values.join(' | ')}.`);
    return values[0];
  }
}

/** What the request says of its response. */
export interface Asked {
  /** true: the request was a HEAD, so the response has no body whatever its head says */
  readonly head?: boolean;
  /** true: the server has ended its side, so a body without a length is complete */
  readonly ended?: boolean;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const STATUS_LINE = /^HTTP\/1\.1 [1-5]\d\d [ -~]*$/;
const MAX_HEAD_BYTES = 64 * 1024;

/**
 * Reads the response at the front of `bytes`, as strictly as a hostile proxy would: what two readers could understand
 * differently is an error.
 * @returns undefined when it is not complete
 * @throws Error with a sentence when the bytes are no response
 */
export function readResponse(
  bytes: Buffer,
  { head = false, ended = false }: Asked = {},
): { response: RawResponse; used: number } | undefined {
  const text = bytes.toString('latin1', 0, MAX_HEAD_BYTES);
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd < 0) {
    if (text.length >= MAX_HEAD_BYTES) throw new Error('The head of the response has no end.');
    return undefined;
  }
  const [statusLine = '', ...lines] = text.slice(0, headEnd).split('\r\n');
  if (!STATUS_LINE.test(statusLine)) throw new Error(`This is no status line: ${JSON.stringify(statusLine)}.`);
  const headers = lines.map(readHeader);
  const framing = framingOf(Number(statusLine.slice(9, 12)), headers, head);
  const content = readContent(bytes, headEnd + 4, framing, headers, ended);
  if (!content) return undefined;
  return { response: new RawResponse(statusLine, headers, framing, content.body), used: content.end };
}

function readHeader(line: string): readonly [string, string] {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(colon, 0));
  const value = line.slice(colon + 1);
  if (!TOKEN.test(name) || !/^ [\t -~\x80-\xff]*$/.test(value)) {
    throw new Error(`This is no header line: ${JSON.stringify(line)}.`);
  }
  return [name, value.slice(1)];
}

function framingOf(status: number, headers: RawResponse['headers'], isHead: boolean): Framing {
  const valuesOf = (wanted: string) => headers.filter(([name]) => name.toLowerCase() === wanted).map(([, v]) => v);
  const lengths = valuesOf('content-length');
  const encodings = valuesOf('transfer-encoding');
  if (lengths.length + encodings.length > 1) throw new Error('The response says twice where its body ends.');
  if (lengths[0] !== undefined && !/^\d+$/.test(lengths[0])) throw new Error(`Content-Length is "${lengths[0]}".`);
  if (encodings[0] !== undefined && encodings[0] !== 'chunked') throw new Error(`Encoding "${encodings[0]}".`);
  if (isHead || status < 200 || status === 204 || status === 304) return 'no body';
  if (encodings.length > 0) return 'chunked';
  return lengths.length > 0 ? 'length' : 'close';
}

interface Content {
  readonly body: Buffer;
  /** index of the byte behind it */
  readonly end: number;
}

function readContent(
  bytes: Buffer,
  start: number,
  framing: Framing,
  headers: RawResponse['headers'],
  ended: boolean,
): Content | undefined {
  switch (framing) {
    case 'no body':
      return { body: Buffer.alloc(0), end: start };
    case 'close':
      return ended ? { body: bytes.subarray(start), end: bytes.length } : undefined;
    case 'chunked':
      return readChunks(bytes, start);
    case 'length': {
      const length = headers.find(([name]) => name.toLowerCase() === 'content-length')?.[1];
      const end = start + Number(length);
      return end > bytes.length ? undefined : { body: bytes.subarray(start, end), end };
    }
  }
}

function readChunks(bytes: Buffer, start: number): Content | undefined {
  const chunks: Buffer[] = [];
  for (let at = start; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at, 'latin1');
    if (lineEnd < 0) return undefined;
    const size = bytes.toString('latin1', at, lineEnd);
    if (!/^[0-9a-fA-F]{1,8}$/.test(size)) throw new Error(`This is no chunk size: ${JSON.stringify(size)}.`);
    const chunkStart = lineEnd + 2;
    const chunkEnd = chunkStart + Number.parseInt(size, 16);
    if (bytes.length < chunkEnd + 2) return undefined;
    if (bytes.toString('latin1', chunkEnd, chunkEnd + 2) !== '\r\n') throw new Error('A chunk does not end with CRLF.');
    if (chunkEnd === chunkStart) return { body: Buffer.concat(chunks), end: chunkEnd + 2 };
    chunks.push(bytes.subarray(chunkStart, chunkEnd));
    at = chunkEnd + 2;
  }
}
