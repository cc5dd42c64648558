import type { IncomingMessage } from 'node:http';
import type { BodyBudget } from './body-budget.js';
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

/** Why a body is not read to its end; what is left of it is then unread. */
export type BodyRefusal = 'too_large' | 'no_room';

/**
 * Reads a request's body.
 * @param budget counts its bytes until they are handed over
 * @returns the body; or why it is refused: it has more than `maxBytes` bytes, or all bodies together are too large
 * @throws the request's error when the client goes away within the body, or when what it sends is no body
 */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
  budget: BodyBudget,
): Promise<Buffer | BodyRefusal> {
  const early = earlyBodies.get(request);
  if (early) request.off('data', early.take);
  const { pieces = new BodyPieces() } = early ?? {};
  if (pieces.size > maxBytes) return 'too_large';
  if (!budget.take(pieces.size)) return 'no_room';
  if (!request.readableEnded) {
    const refusal = await takeAll(request, pieces, maxBytes, budget);
    if (refusal) return refusal;
  }
  budget.release(pieces.size);
  return pieces.joined();
}

/** Reads on to the end of the body. What it took of the budget stays taken when it comes to that, and only then. */
function takeAll(
  request: IncomingMessage,
  pieces: BodyPieces,
  maxBytes: number,
  budget: BodyBudget,
): Promise<BodyRefusal | undefined> {
  return new Promise((resolve, reject) => {
    let isOver = false;
    const stop = () => {
      isOver = true;
      request.off('data', take);
    };
    const drop = () => {
      stop();
      budget.release(pieces.size);
      pieces.drop();
    };
    const refuse = (why: BodyRefusal) => {
      drop();
      resolve(why);
    };
    const fail = (error: unknown) => {
      if (isOver) return;
      drop();
      reject(error);
    };
    const end = () => {
      if (isOver) return;
      stop();
      resolve(undefined);
    };
    const take = (chunk: Buffer) => {
      if (pieces.size + chunk.length > maxBytes) refuse('too_large');
      else if (!budget.take(chunk.length)) refuse('no_room');
      else pieces.add(chunk);
    };
    request.on('data', take);
    request.once('end', end).once('error', fail);
    request.once('close', () => fail(new Error('The client went away within the body.')));
    onBroken(request, () => fail(new Error('The body cannot be read.')));
  });
}
