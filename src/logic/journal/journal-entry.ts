import { Buffer } from 'node:buffer';
import type { NewMessage, StoredMessage } from '../../engine/message-log.js';
import type { Position } from '../../engine/position.js';

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
 * An entry as a message: the head, the channel's name, the cause and the event's own body. It is text from the beginning,
 * which memory keeps as it is: entries come with every event, and most are dropped again unread.
 */
export class JournalMessage implements NewMessage {
  readonly contentType = null;
  /** Its time is looked at when the journal is trimmed: the last entry stays, for its number goes on from there. */
  readonly expiresAt = Number.POSITIVE_INFINITY;
  readonly store = true;
  readonly keepAtLeast = 1;
  private head: string;
  private readonly rest: string;

  constructor(
    { seq, channel, cause, body, text }: EntryParts,
    readonly keepAtMost: number,
  ) {
    const channelText = latin1Of(channel);
    const causeText = latin1Of(cause);
    HEAD.writeUIntBE(seq, SEQ_AT, SEQ_BYTES);
    HEAD.writeUInt16BE(channelText.length, CHANNEL_LENGTH_AT);
    HEAD.writeUInt16BE(causeText.length, CAUSE_LENGTH_AT);
    this.head = HEAD.toString('latin1');
    this.rest = channelText + causeText + (text ?? body.toString('latin1'));
  }

  refer(position: Position): void {
    HEAD.writeDoubleBE(position, 0);
    this.head = HEAD.toString('latin1', 0, SEQ_AT) + this.head.slice(SEQ_AT);
  }

  get text(): string {
    return this.head + this.rest;
  }

  get body(): Buffer {
    return Buffer.from(this.text, 'latin1');
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
