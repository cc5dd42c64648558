import { interned } from './interned.js';
import { LateBody, type NewMessage, type StoredMessage } from './message-log.js';
import { joinedPosition, type Position, secondOf, tagOf } from './position.js';

/** What a message costs beside its body and type: its objects and its place in the list. */
export const MESSAGE_OVERHEAD_BYTES = 160;

/** Larger bodies stay the Buffer that they came in. */
const MAX_TEXT_BYTES = 16 * 1024;

/**
 * Small bodies are kept as text of one latin1 character a byte: a Buffer of its own costs 500 bytes more, and a piece of
 * Node's shared pool would keep 8 KiB alive for one byte. Times and the position are kept as small whole numbers: one
 * beyond 31 bits is an object of its own, and the garbage collector, which copies every message twice while it is young,
 * would have five objects to copy for each and not two.
 */
export class KeptMessage implements StoredMessage {
  private readonly label: string | null | Labels;
  /** bytes it is counted with */
  readonly cost: number;
  private bytes: string | Buffer | LateBody;
  /** unix time in seconds, and the number within it: the two halves of the position */
  private readonly second: number;
  private readonly tag: number;
  /** ms since that second began */
  private readonly publishedAfterMs: number;
  /** ms from the publication; undefined: it never expires */
  private readonly lifetimeMs: number | undefined;

  constructor(
    position: Position,
    message: Pick<NewMessage, 'body' | 'text' | 'late' | 'contentType' | 'cause' | 'expiresAt'>,
    publishedAt: number,
  ) {
    const { cause, late, expiresAt } = message;
    const contentType = message.contentType === null ? null : interned(message.contentType);
    this.label = cause === undefined ? contentType : { contentType, cause };
    this.bytes = late !== undefined && late.length <= MAX_TEXT_BYTES ? late : keptForm(message);
    this.cost = costOf(this.bytes.length, labelBytes(message));
    this.second = secondOf(position);
    this.tag = tagOf(position);
    this.publishedAfterMs = publishedAt - this.second * 1000;
    this.lifetimeMs = expiresAt === Number.POSITIVE_INFINITY ? undefined : expiresAt - publishedAt;
  }

  get contentType(): string | null {
    const { label } = this;
    return typeof label === 'object' && label !== null ? label.contentType : label;
  }

  get cause(): string | undefined {
    const { label } = this;
    return typeof label === 'object' && label !== null ? label.cause : undefined;
  }

  get position(): Position {
    return joinedPosition(this.second, this.tag);
  }

  get publishedAt(): number {
    return this.second * 1000 + this.publishedAfterMs;
  }

  get expiresAt(): number {
    return this.lifetimeMs === undefined ? Number.POSITIVE_INFINITY : this.publishedAt + this.lifetimeMs;
  }

  get text(): string | undefined {
    const bytes = this.written();
    return typeof bytes === 'string' ? bytes : undefined;
  }

  get body(): Buffer {
    const bytes = this.written();
    return typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes;
  }

  private written(): string | Buffer {
    if (typeof this.bytes === 'object' && this.bytes instanceof LateBody) this.bytes = this.bytes.write();
    return this.bytes;
  }
}

/** What a message has that has a cause. The others, nearly all, keep their Content-Type in the same place, and pay nothing. */
interface Labels {
  readonly contentType: string | null;
  readonly cause: string;
}

/** Bytes that a cause takes beside its characters. */
export const CAUSE_HEAD_BYTES = 2;

/** Bytes of what a message says about itself. */
function labelBytes({ contentType, cause }: Pick<NewMessage, 'contentType' | 'cause'>): number {
  const typeLength = contentType === null ? 0 : contentType.length;
  return cause === undefined ? typeLength : typeLength + CAUSE_HEAD_BYTES + cause.length;
}

function keptForm(message: Pick<NewMessage, 'body' | 'text'>): string | Buffer {
  const { text } = message;
  if (text !== undefined && text.length <= MAX_TEXT_BYTES) return text;
  const { body } = message;
  return body.length <= MAX_TEXT_BYTES ? body.toString('latin1') : body;
}

export function isKept({ store, keepAtMost }: NewMessage): boolean {
  return store && keepAtMost > 0;
}

/** Bytes that a message will be counted with when it is kept. */
export function sizeOf(message: NewMessage): number {
  return costOf((message.late ?? message.text ?? message.body).length, labelBytes(message));
}

/** Bytes that a message of these lengths is counted with. @param aboutBytes of its Content-Type and its cause */
export function costOf(bodyBytes: number, aboutBytes: number): number {
  return bodyBytes + aboutBytes + MESSAGE_OVERHEAD_BYTES;
}
