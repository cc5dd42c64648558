import { createServer, type RequestListener, type Server, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

export interface HttpServerLimits {
  readonly maxHeadBytes: number;
  readonly headTimeoutMs: number;
  readonly bodyTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
}

const CHECK_CONNECTIONS_MS = 1_000;
/** How long a client may take to close a connection that we ended. */
const LINGER_MS = 2_000;

/** Node's HTTP server for connections that are given to it; it never listens itself. */
export function createHttpServer(handler: RequestListener, limits: HttpServerLimits): Server {
  const server = createServer(
    {
      maxHeaderSize: limits.maxHeadBytes,
      headersTimeout: limits.headTimeoutMs,
      requestTimeout: limits.headTimeoutMs + limits.bodyTimeoutMs,
      keepAliveTimeout: limits.keepAliveTimeoutMs,
      connectionsCheckingInterval: CHECK_CONNECTIONS_MS,
    },
    handler,
  );
  // Node begins to watch its timeouts when the server listens; this one is only ever given connections.
  server.emit('listening');
  // Whether a body is wanted is known to who serves the request; Node would ask for it unseen.
  server.on('checkContinue', (request, response) => server.emit('request', request, response));
  server.on('connect', (_request, socket: Duplex) => endWith(socket, 405, 'CONNECT is not allowed here.'));
  return server;
}

/** Node's own codes for requests that its parser refused, and what the client is told. */
const refusals: Readonly<Record<string, readonly [status: number, sentence: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'The head of the request is too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request was not complete in time; send it again.'],
  HPE_INVALID_METHOD: [405, 'This method is not known here; GET, POST, PUT, DELETE and OPTIONS are.'],
};

/** Answers a request that could not be read, and ends the connection. */
export function refuseUnread(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, sentence] = refusals[error.code ?? ''] ?? [400, 'The request is not valid HTTP.'];
  endWith(socket, status, sentence);
}

/** Sends a last answer over a socket that Node's server has let go of: its errors and its end are ours to see to. */
function endWith(socket: Duplex, status: number, sentence: string): void {
  const late = setTimeout(() => socket.destroy(), LINGER_MS);
  socket
    .on('error', () => {})
    .once('close', () => clearTimeout(late))
    .resume();
  const allow = status === 405 ? 'Allow: GET, POST, PUT, DELETE, OPTIONS\r\n' : '';
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nServer: signalbox\r\nDate: ${new Date().toUTCString()}\r\n` +
      `Content-Type: text/plain\r\n${allow}Content-Length: ${sentence.length + 1}\r\nConnection: close\r\n\r\n${sentence}\n`,
  );
}
