import * as http from 'node:http';
import * as https from 'node:https';

export interface HttpRequest {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  /** ends the request; it then rejects with the signal's reason */
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A larger answer is not read to its end: no message of a hub is that long. */
const MAX_ANSWER_BYTES = 1024 * 1024 * 1024;
/** How long a silent connection stays unquestioned: finds out that the other end vanished within a long-poll. */
const KEEP_ALIVE_PROBE_MS = 30_000;

/**
 * Asks once and reads the answer. Not `fetch`: it adds `Cache-Control: no-cache` to requests with If-Modified-Since,
 * which tells some hubs to pass over stored messages, and it gives up on an answer after 5 minutes.
 * @throws the system's error, or the signal's reason
 */
export function request(url: URL, { method, headers, body, signal }: HttpRequest): Promise<HttpAnswer> {
  const { request: open } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const length = body ? { 'Content-Length': String(body.length) } : {};
    const asked = open(url, { method, headers: { ...headers, ...length }, signal }, (response) =>
      readAnswer(response).then(resolve, reject),
    );
    asked.on('socket', (socket) => socket.setKeepAlive(true, KEEP_ALIVE_PROBE_MS));
    asked.on('error', (error) => reject(signal.aborted ? signal.reason : firstOf(error)));
    asked.end(body);
  });
}

/** The error itself; of a name with several addresses, which fails with one for each, the first. */
export function firstOf(error: Error): unknown {
  return error instanceof AggregateError ? error.errors[0] : error;
}

/** All of an answer. @throws Error when it is longer than any message of a hub */
export async function readAnswer(response: http.IncomingMessage): Promise<HttpAnswer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_ANSWER_BYTES) throw new Error(`the answer is longer than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) };
}
