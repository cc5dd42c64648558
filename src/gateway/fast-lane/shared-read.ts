import { Socket } from 'node:net';

/** What of Node's inside is used: the stream handle of a socket and the server that counts it. */
interface SocketInside {
  _handle: unknown;
  _server: unknown;
  server: unknown;
}

/** Called on the socket with the number of bytes at the front of `bytes`; they are valid during the call only. */
export type OnRead = (this: Socket, count: number, bytes: Buffer) => boolean;

/**
 * Makes a socket, accepted with `pauseOnConnect`, read into one buffer that all sockets share, instead of a new one for
 * each read. Node offers this (`onread`) for sockets that connect, not for accepted ones, so the accepted socket's handle
 * is wrapped anew. Where Node keeps its handles otherwise, the socket is read by `data` events, which costs more.
 */
export function readInto(accepted: Socket, onread: { buffer: Buffer; callback: OnRead }): Socket {
  const inside = accepted as unknown as SocketInside;
  const handle = inside._handle as { useUserBuffer?: unknown } | null;
  if (typeof handle?.useUserBuffer !== 'function') return readByEvents(accepted, onread.callback);
  const options = { handle, allowHalfOpen: true, onread };
  const socket = new Socket(options as unknown as ConstructorParameters<typeof Socket>[0]);
  (socket as unknown as SocketInside)._server = inside._server;
  (socket as unknown as SocketInside).server = inside.server;
  inside._handle = null;
  inside._server = null;
  socket.read(0);
  return socket;
}

function readByEvents(socket: Socket, callback: OnRead): Socket {
  socket.on('data', (bytes: Buffer) => callback.call(socket, bytes.length, bytes));
  return socket.resume();
}
