import type { Channel } from '../channels/channel.js';
import { type ChannelName, channelNameOf } from '../channels/channel-key.js';
import type { StoredMessage } from '../engine/message-log.js';
import { BEFORE_ALL, formatPosition, type Position } from '../engine/position.js';
import { causeOf } from '../logic/cause.js';
import { tellPublisher } from '../logic/explaining/told-publisher.js';
import { ADMIN_LIMITS } from './admin-limits.js';
import { instantText } from './channel-state.js';
import type { Message, MessagePage } from './message.dto.js';
import { shownCause } from './shown-cause.js';

export interface PageOfMessages {
  /** undefined: from the oldest on */
  readonly after: Position | undefined;
  readonly limit: number;
  /** bytes of each body */
  readonly bodyLimit: number;
}

/** Messages that are read at a time: bodies may be large, and the page may end before. */
const READ_AT_A_TIME = 16;

/** A page of a channel's messages, bounded by their number and by the bytes of the bodies on it. */
export async function messagePage(channel: Channel, { after, limit, bodyLimit }: PageOfMessages): Promise<MessagePage> {
  const name = channelNameOf(channel.key);
  const messages: Message[] = [];
  let last = after ?? BEFORE_ALL;
  let bytes = 0;
  for (;;) {
    const read = await channel.log.read(last, READ_AT_A_TIME);
    if (read.length === 0) return { messages, next: null };
    for (const message of read) {
      bytes += Math.min(message.body.length, bodyLimit);
      const isFull = messages.length >= limit || (messages.length > 0 && bytes > ADMIN_LIMITS.maxPageBytes);
      if (isFull) return { messages, next: formatPosition(last) };
      messages.push(shown(message, name, bodyLimit));
      last = message.position;
    }
  }
}

function shown(message: StoredMessage, channel: ChannelName, bodyLimit: number): Message {
  const { position, publishedAt, expiresAt, contentType, cause, body } = message;
  const isCut = body.length > bodyLimit;
  const part = isCut ? body.subarray(0, bodyLimit) : body;
  const text = textOf(part, isCut);
  return {
    position: formatPosition(position),
    publishedAt: instantText(publishedAt) as string,
    expiresAt: instantText(expiresAt),
    contentType,
    cause: cause === undefined ? null : shownCause(tellPublisher(channel, cause), causeOf(cause)),
    size: body.length,
    encoding: text === undefined ? 'base64' : 'text',
    body: text ?? part.toString('base64'),
    isCut,
  };
}

/** The bytes as UTF-8; undefined when they are not. @param isCut a character at the end may have been cut, and is left out */
function textOf(bytes: Buffer, isCut: boolean): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: isCut });
  } catch {
    return undefined;
  }
}
