import type { Socket } from 'node:net';

/** What of Node's inside is used: bytes of the piece being sent that the system has not taken. */
interface SocketInside {
  _handle?: { writeQueueSize?: number } | null;
}

/**
 * A number that changes as the client takes what was written to its socket, and is 0 when it has taken all. Node counts a
 * piece as written once all of it is, so the stream handle is asked how much of the piece is left; where Node has no such
 * count, progress shows from piece to piece.
 */
export function sendingMark(socket: Socket): number {
  const { writableLength } = socket;
  if (writableLength === 0) return 0;
  return writableLength + ((socket as unknown as SocketInside)._handle?.writeQueueSize ?? 0);
}
