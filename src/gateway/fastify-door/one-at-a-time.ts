import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Requests that may wait behind one under way on the same connection; one more ends the connection. */
const MAX_WAITING = 16;

interface QueueingSocket extends Socket {
  waiting?: (() => void)[] | undefined;
}

/**
 * Begins requests of one connection one after the other. Node begins pipelined requests at once and only orders their
 * answers; behind a parked poll that would run a request long before the client may expect it to.
 * @param begin called when all requests before it are answered
 */
export function oneAtATime(socket: QueueingSocket, response: ServerResponse, begin: () => void): void {
  response.once('close', () => {
    const next = socket.waiting?.shift();
    if (next) next();
    else socket.waiting = undefined;
  });
  if (!socket.waiting) {
    socket.waiting = [];
    begin();
  } else if (socket.waiting.length < MAX_WAITING) socket.waiting.push(begin);
  else socket.destroy();
}
