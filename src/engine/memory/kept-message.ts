import type { NewMessage, StoredMessage } from '../message-log.js';
import type { Position } from '../position.js';
import { interned } from './interned.js';

/** What a message costs beside its body and type: its objects and its place in the list. */
export const MESSAGE_OVERHEAD_BYTES = 160;

/** Larger bodies stay the Buffer that they came in. */
const MAX_TEXT_BYTES = 16 * 1024;

/**
 * Small bodies are kept as text of one latin1 character a byte: a Buffer of its own costs 500 bytes more, and a piece of
 * Node's shared pool would keep 8 KiB alive for one byte.
 */
export class KeptMessage implements StoredMessage {
  readonly contentType: string | null;
  readonly expiresAt: number;
  private readonly bytes: string | Buffer;

  constructor(
    readonly position: Position,
    { body, contentType, expiresAt }: NewMessage,
    readonly publishedAt: number,
  ) {
    this.contentType = contentType === null ? null : interned(contentType);
    this.expiresAt = expiresAt;
    this.bytes = body.length <= MAX_TEXT_BYTES ? body.toString('latin1') : body;
  }

  get body(): Buffer {
    return typeof this.bytes === 'string' ? Buffer.from(this.bytes, 'latin1') : this.bytes;
  }

  /** bytes it is counted with */
  get cost(): number {
    return costOf(this.bytes.length, this.contentType);
  }
}

export function isKept({ store, keepAtMost }: NewMessage): boolean {
  return store && keepAtMost > 0;
}

/** Bytes that a message will be counted with when it is kept. */
export function sizeOf({ body, contentType }: NewMessage): number {
  return costOf(body.length, contentType);
}

function costOf(bodyBytes: number, contentType: string | null): number {
  return bodyBytes + (contentType?.length ?? 0) + MESSAGE_OVERHEAD_BYTES;
}
