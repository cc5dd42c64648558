import { Buffer } from 'node:buffer';
import { LateBody, type NewMessage, type StoredMessage } from '../../engine/message-log.js';
import { BEFORE_ALL, type Position } from '../../engine/position.js';

/** An event or an outcome as the journal has it. */
export interface JournalEntry {
  /** its place in the journal */
  readonly position: Position;
  /** rises by one from entry to entry */
  readonly seq: number;
  /** the channel that the message came on, and its place there */
  readonly channel: string;
  readonly eventPosition: Position;
  /** unix ms */
  readonly publishedAt: number;
  readonly body: Buffer;
  /** as JSON; '' for what came from outside */
  readonly cause: string;
}

/** The position of the event, filled in by the engine; the number; the lengths of the channel's name and the cause. */
const SEQ_AT = 8;
const SEQ_BYTES = 6;
const CHANNEL_LENGTH_AT = SEQ_AT + SEQ_BYTES;
const CAUSE_LENGTH_AT = CHANNEL_LENGTH_AT + 2;
const HEAD_BYTES = CAUSE_LENGTH_AT + 2;

/** What an entry is made of; `text` is the event's body as latin1, where it is at hand so. */
export interface EntryParts extends Pick<JournalEntry, 'seq' | 'channel' | 'cause' | 'body'> {
  readonly text: string | undefined;
}

/**
 * An entry as a message: the head, the channel's name, the cause and the event's own body. It is put together when somebody
 * reads it: entries come with every event, and in memory most are dropped again unread.
 */
export class JournalMessage extends LateBody implements NewMessage {
  readonly contentType = null;
  /** Its time is looked at when the journal is trimmed: the last entry stays, for its number goes on from there. */
  readonly expiresAt = Number.POSITIVE_INFINITY;
  readonly store = true;
  readonly keepAtLeast = 1;
  readonly length: number;
  private readonly seq: number;
  private readonly channelText: string;
  private readonly origin: string;
  private readonly event: string;
  private eventPosition: Position = BEFORE_ALL;

  constructor(
    { seq, channel, cause, body, text }: EntryParts,
    readonly keepAtMost: number,
  ) {
    super();
    this.seq = seq;
    this.channelText = latin1Of(channel);
    this.origin = latin1Of(cause);
    this.event = text ?? body.toString('latin1');
    this.length = HEAD_BYTES + this.channelText.length + this.origin.length + this.event.length;
  }

  get late(): LateBody {
    return this;
  }

  refer(position: Position): void {
    this.eventPosition = position;
  }

  write(): string {
    HEAD.writeDoubleBE(this.eventPosition, 0);
    HEAD.writeUIntBE(this.seq, SEQ_AT, SEQ_BYTES);
    HEAD.writeUInt16BE(this.channelText.length, CHANNEL_LENGTH_AT);
    HEAD.writeUInt16BE(this.origin.length, CAUSE_LENGTH_AT);
    return HEAD.toString('latin1') + this.channelText + this.origin + this.event;
  }

  get text(): string {
    return this.write();
  }

  get body(): Buffer {
    return Buffer.from(this.write(), 'latin1');
  }
}

/** Where heads are put together, one at a time. */
const HEAD = Buffer.alloc(HEAD_BYTES);

/** UTF-8 bytes as latin1 characters. */
function latin1Of(text: string): string {
  return Buffer.byteLength(text) === text.length ? text : Buffer.from(text).toString('latin1');
}

export function readEntry({ position, body: entry, publishedAt }: StoredMessage): JournalEntry {
  const channelEnd = HEAD_BYTES + entry.readUInt16BE(CHANNEL_LENGTH_AT);
  const causeEnd = channelEnd + entry.readUInt16BE(CAUSE_LENGTH_AT);
  return {
    position,
    seq: entry.readUIntBE(SEQ_AT, SEQ_BYTES),
    channel: entry.toString('utf8', HEAD_BYTES, channelEnd),
    eventPosition: entry.readDoubleBE(0),
    publishedAt,
    body: entry.subarray(causeEnd),
    cause: entry.toString('utf8', channelEnd, causeEnd),
  };
}
