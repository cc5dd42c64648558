import { interned } from './interned.js';
import type { NewMessage, StoredMessage } from './message-log.js';
import type { Position } from './position.js';

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
  /** bytes it is counted with */
  readonly cost: number;
  private readonly bytes: string | Buffer;

  constructor(
    readonly position: Position,
    message: Pick<NewMessage, 'body' | 'text' | 'contentType' | 'expiresAt'>,
    readonly publishedAt: number,
  ) {
    const { contentType, text } = message;
    this.contentType = contentType === null ? null : interned(contentType);
    this.expiresAt = message.expiresAt;
    this.bytes = text !== undefined && text.length <= MAX_TEXT_BYTES ? text : keptForm(message.body);
    this.cost = costOf(this.bytes.length, this.contentType?.length ?? 0);
  }

  get text(): string | undefined {
    return typeof this.bytes === 'string' ? this.bytes : undefined;
  }

  get body(): Buffer {
    return typeof this.bytes === 'string' ? Buffer.from(this.bytes, 'latin1') : this.bytes;
  }
}

function keptForm(body: Buffer): string | Buffer {
  return body.length <= MAX_TEXT_BYTES ? body.toString('latin1') : body;
}

export function isKept({ store, keepAtMost }: NewMessage): boolean {
  return store && keepAtMost > 0;
}

/** Bytes that a message will be counted with when it is kept. */
export function sizeOf(message: NewMessage): number {
  return costOf((message.text ?? message.body).length, message.contentType?.length ?? 0);
}

/** Bytes that a message of these lengths is counted with. */
export function costOf(bodyBytes: number, typeLength: number): number {
  return bodyBytes + typeLength + MESSAGE_OVERHEAD_BYTES;
}
