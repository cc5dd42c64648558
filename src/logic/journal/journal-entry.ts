import { Buffer } from 'node:buffer';
import type { StoredMessage } from '../../engine/message-log.js';
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

/** The body of an entry: the head, the channel's name, the cause and the event's own body. */
export function writeEntry({
  seq,
  channel,
  cause,
  body,
}: Pick<JournalEntry, 'seq' | 'channel' | 'cause' | 'body'>): Buffer {
  const channelBytes = Buffer.byteLength(channel);
  const causeBytes = Buffer.byteLength(cause);
  const entry = Buffer.allocUnsafe(HEAD_BYTES + channelBytes + causeBytes + body.length);
  entry.writeUIntBE(seq, SEQ_AT, SEQ_BYTES);
  entry.writeUInt16BE(channelBytes, CHANNEL_LENGTH_AT);
  entry.writeUInt16BE(causeBytes, CAUSE_LENGTH_AT);
  entry.write(channel, HEAD_BYTES);
  entry.write(cause, HEAD_BYTES + channelBytes);
  body.copy(entry, HEAD_BYTES + channelBytes + causeBytes);
  return entry;
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
