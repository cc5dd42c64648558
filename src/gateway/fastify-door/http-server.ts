import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { endWith, refuseRequest } from './http-answer.js';
import { Pipeline } from './pipeline.js';
import { connectRefusal, refusalOf, refusalOfUnread } from './refusals.js';

export interface HttpServerLimits {
  readonly maxHeadBytes: number;
  readonly headTimeoutMs: number;
  readonly bodyTimeoutMs: number;
  readonly keepAliveTimeoutMs: number;
  /** bytes behind a request under way */
  readonly maxPipelinedBytes: number;
}

const CHECK_CONNECTIONS_MS = 1_000;

/**
 * Node's HTTP server for connections that are given to it; it never listens itself.
 * @param handler gets a request when those before it on its connection are answered
 * @param now unix ms
 */
export function createHttpServer(handler: RequestListener, limits: HttpServerLimits, now: () => number): Server {
  const server = createServer({
    maxHeaderSize: limits.maxHeadBytes,
    headersTimeout: limits.headTimeoutMs,
    requestTimeout: limits.headTimeoutMs + limits.bodyTimeoutMs,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: CHECK_CONNECTIONS_MS,
    // Whoever has no Host line is answered by us, as everybody else is.
    requireHostHeader: false,
  });
  // Node drops the lines beyond 2,000 and goes on; how long a head may be is bounded above.
  server.maxHeadersCount = 0;
  // A client that ends its side after its request still wants the answer.
  Object.assign(server, { httpAllowHalfOpen: true });
  // Node begins to watch its timeouts when the server listens; this one is only ever given connections.
  server.emit('listening');
  server.on('connection', (socket: Socket) => Pipeline.of(socket, limits.maxPipelinedBytes));
  const take = (request: IncomingMessage, response: ServerResponse) => {
    // What Node reads behind a request to upgrade is lost, so that nobody may expect it to be served.
    if (request.headers.upgrade !== undefined) response.shouldKeepAlive = false;
    const pipeline = Pipeline.of(request.socket);
    const refusal = refusalOf(request, limits.maxHeadBytes);
    if (!refusal) return pipeline.add(request, response, () => handler(request, response));
    pipeline.refuse(request, () => refuseRequest(request, response, refusal, now()));
  };
  // Whether a body is wanted is known to who serves the request; Node would ask for it, or refuse, unseen.
  server.on('request', take).on('checkContinue', take).on('checkExpectation', take);
  server.on('connect', (_request, socket: Socket) => {
    Pipeline.of(socket).end(() => endWith(socket, connectRefusal, now()));
  });
  return server;
}

/** Answers what could not be read as a request, behind the answers to those before it, and ends the connection. */
export function refuseUnread(error: NodeJS.ErrnoException, socket: Socket, now: () => number): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  // It was opened and nothing was asked; an answer would be read as the one to what is asked next.
  if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && socket.bytesRead === 0) return void socket.destroy();
  // Bytes behind a request that said it was the last one; its answer ends the connection.
  if (error.code === 'HPE_CLOSED_CONNECTION') return;
  Pipeline.of(socket).end(() => endWith(socket, refusalOfUnread(error.code), now()));
}
