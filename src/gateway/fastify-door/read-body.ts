import type { IncomingMessage } from 'node:http';
import { BodyPieces } from './body-pieces.js';

interface Early {
  readonly pieces: BodyPieces;
  readonly take: (chunk: Buffer) => void;
}

/** bodies that came while their requests had to wait */
const earlyBodies = new WeakMap<IncomingMessage, Early>();

/**
 * Takes in the body of a request that has to wait, which nobody reads yet: a connection that is not read does not tell
 * that its client has left.
 * @param note told the size of each piece; whoever calls bounds the sum
 */
export function readEarly(request: IncomingMessage, note: (bytes: number) => void): void {
  const pieces = new BodyPieces();
  const take = (chunk: Buffer) => {
    pieces.add(chunk);
    note(chunk.length);
  };
  earlyBodies.set(request, { pieces, take });
  request.on('data', take);
}

const broken = new WeakSet<IncomingMessage>();

/** Tells who reads the body of a request, now or later, that the rest of it cannot be read. */
export function breakBody(request: IncomingMessage): void {
  broken.add(request);
  request.emit('broken');
}

/** Calls `tell` when the body breaks, at once when it has. */
export function onBroken(request: IncomingMessage, tell: () => void): void {
  if (broken.has(request)) tell();
  else request.once('broken', tell);
}

/**
 * Reads a request's body.
 * @returns undefined when it has more than `maxBytes` bytes; what is left of it is then unread
 * @throws the request's error when the client goes away within the body, or when what it sends is no body
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const early = earlyBodies.get(request);
  if (early) request.off('data', early.take);
  const pieces = early?.pieces ?? new BodyPieces();
  if (pieces.size > maxBytes) return Promise.resolve(undefined);
  if (request.readableEnded) return Promise.resolve(pieces.joined());
  return new Promise((resolve, reject) => {
    const take = (chunk: Buffer) => {
      if (pieces.size + chunk.length <= maxBytes) pieces.add(chunk);
      else {
        request.off('data', take);
        resolve(undefined);
      }
    };
    request.on('data', take);
    request.once('end', () => resolve(pieces.joined()));
    request.once('error', reject);
    request.once('close', () => reject(new Error('The client went away within the body.')));
    onBroken(request, () => reject(new Error('The body cannot be read.')));
  });
}
