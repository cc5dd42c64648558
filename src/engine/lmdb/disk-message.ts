import { CAUSE_HEAD_BYTES, costOf, KeptMessage } from '../kept-message.js';
import type { NewMessage } from '../message-log.js';
import type { Position } from '../position.js';

/** What is known of a message without its content: enough to count, to drop and to expire it. */
export interface Mark {
  readonly position: Position;
  /** its number among the channel's stored messages: one more than that of the message before */
  readonly seq: number;
  /** what all stored messages before it in its channel were counted with */
  readonly bytesBefore: number;
  /** what it is counted with itself */
  readonly cost: number;
  readonly expiresAt: number;
}

/** A message that is on disk, or on its way there. */
export class DiskMessage extends KeptMessage implements Mark {
  /** a commit with it succeeded */
  isSaved = false;

  constructor(
    position: Position,
    content: Pick<NewMessage, 'body' | 'contentType' | 'cause' | 'expiresAt'>,
    publishedAt: number,
    readonly seq: number,
    readonly bytesBefore: number,
  ) {
    super(position, content, publishedAt);
  }
}

/*
 * A stored message, all numbers big-endian:
 *   0  flags: 1 has a Content-Type, 2 never expires, 4 has a cause (from format 2 on)
 *   1  published at, unix ms, 6 bytes     7  expires at, unix ms, 6 bytes
 *  13  seq, 6 bytes                      19  bytes before, 6 bytes
 *  25  length of the Content-Type, 2 bytes; the Content-Type as latin1
 *      only with a cause: its length, 2 bytes; the cause in ASCII
 *      the body
 */
const HEADER_BYTES = 27;
const HAS_TYPE = 1;
const NEVER_EXPIRES = 2;
const HAS_CAUSE = 4;
/** unix ms, year 10889: what six bytes hold */
const MAX_MS = 2 ** 48 - 1;
/** Content-Types are lines of a request head, whose bytes are limited to less. */
const MAX_TYPE_LENGTH = 2 ** 16 - 1;

/** Bytes that `message` takes on disk. */
export function storedBytes(message: DiskMessage): number {
  const { cause } = message;
  const causeBytes = cause === undefined ? 0 : CAUSE_HEAD_BYTES + cause.length;
  return HEADER_BYTES + typeOf(message).length + causeBytes + (message.text ?? message.body).length;
}

/** Writes `message` to the beginning of `target`, which has room for `storedBytes`. */
export function writeMessage(target: Buffer, message: DiskMessage): void {
  const type = typeOf(message);
  target[0] = flagsOf(message);
  target.writeUIntBE(wholeMs(message.publishedAt), 1, 6);
  target.writeUIntBE(neverExpires(message) ? 0 : wholeMs(message.expiresAt), 7, 6);
  target.writeUIntBE(message.seq, 13, 6);
  target.writeUIntBE(message.bytesBefore, 19, 6);
  target.writeUInt16BE(type.length, 25);
  target.write(type, HEADER_BYTES, 'latin1');
  const { cause } = message;
  const typeEnd = HEADER_BYTES + type.length;
  const bodyAt = cause === undefined ? typeEnd : writeCause(target, typeEnd, cause);
  if (message.text === undefined) message.body.copy(target, bodyAt);
  else target.write(message.text, bodyAt, 'latin1');
}

function flagsOf(message: DiskMessage): number {
  const { contentType, cause } = message;
  const flags = (contentType === null ? 0 : HAS_TYPE) | (neverExpires(message) ? NEVER_EXPIRES : 0);
  return cause === undefined ? flags : flags | HAS_CAUSE;
}

function neverExpires({ expiresAt }: DiskMessage): boolean {
  return expiresAt > MAX_MS;
}

/** @returns where the body begins */
function writeCause(target: Buffer, at: number, cause: string): number {
  target.writeUInt16BE(cause.length, at);
  const start = at + CAUSE_HEAD_BYTES;
  return start + target.write(cause, start, 'latin1');
}

export function readMark(position: Position, stored: Buffer): Mark {
  return {
    position,
    seq: stored.readUIntBE(13, 6),
    bytesBefore: stored.readUIntBE(19, 6),
    cost: costOfStored(stored),
    expiresAt: expiryIn(stored),
  };
}

/** What a stored message is counted with: all that it holds beside its numbers. */
export function costOfStored(stored: Buffer): number {
  return costOf(stored.length - HEADER_BYTES, 0);
}

/** Unix ms; Infinity: never. */
export function expiryIn(stored: Buffer): number {
  return stored.readUInt8(0) & NEVER_EXPIRES ? Number.POSITIVE_INFINITY : stored.readUIntBE(7, 6);
}

/** @param stored bytes that nobody writes to any more */
export function readMessage(position: Position, stored: Buffer): DiskMessage {
  const flags = stored.readUInt8(0);
  const typeEnd = HEADER_BYTES + stored.readUInt16BE(25);
  const causeEnd = flags & HAS_CAUSE ? typeEnd + CAUSE_HEAD_BYTES + stored.readUInt16BE(typeEnd) : typeEnd;
  const content = {
    body: stored.subarray(causeEnd),
    contentType: flags & HAS_TYPE ? stored.toString('latin1', HEADER_BYTES, typeEnd) : null,
    cause: flags & HAS_CAUSE ? stored.toString('latin1', typeEnd + CAUSE_HEAD_BYTES, causeEnd) : undefined,
    expiresAt: expiryIn(stored),
  };
  return new DiskMessage(
    position,
    content,
    stored.readUIntBE(1, 6),
    stored.readUIntBE(13, 6),
    stored.readUIntBE(19, 6),
  );
}

function typeOf({ contentType }: DiskMessage): string {
  return contentType === null ? '' : contentType.slice(0, MAX_TYPE_LENGTH);
}

function wholeMs(ms: number): number {
  return Math.min(Math.max(Math.floor(ms), 0), MAX_MS);
}
