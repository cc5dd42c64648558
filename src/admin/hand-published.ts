import type { Publication } from '../channels/channel.js';
import { type ChannelName, channelKey } from '../channels/channel-key.js';
import type { ChannelPolicy } from '../channels/channel-policy.js';
import type { Channels } from '../channels/channels.js';
import { HubError } from '../channels/hub-error.js';
import { BY_HAND } from '../channels/publisher-cause.js';
import { ADMIN_LIMITS } from './admin-limits.js';
import type { NewMessageBody } from './message.dto.js';

type Storing = Pick<
  ChannelPolicy,
  'minMessageBufferLength' | 'maxMessageBufferLength' | 'messageTimeoutMs' | 'durability'
>;

/** For channels that no location has used: the defaults of a location. */
const DEFAULTS: Storing = {
  minMessageBufferLength: 1,
  maxMessageBufferLength: 10,
  messageTimeoutMs: 3_600_000,
  durability: 'disk',
};

/**
 * Publishes what an operator wrote, kept by the settings in force; makes the channel when there is none.
 * @throws HubError `invalid_payload`, `body_too_large`, `channel_limit`; EngineError `log_full`
 */
export async function publishByHand(
  channels: Channels,
  name: ChannelName,
  draft: NewMessageBody,
): Promise<Publication> {
  const body = bytesOf(draft);
  const channel = channels.open(channelKey(name.group, name.id));
  const { minMessageBufferLength, maxMessageBufferLength, messageTimeoutMs, durability } = channel.policy ?? DEFAULTS;
  return channel.publish({
    body,
    contentType: draft.contentType ?? null,
    expiresAt: messageTimeoutMs === 0 ? Number.POSITIVE_INFINITY : channels.clock.now() + messageTimeoutMs,
    store: true,
    durability,
    keepAtMost: maxMessageBufferLength,
    keepAtLeast: minMessageBufferLength,
    cause: BY_HAND,
  });
}

function bytesOf({ body, encoding }: NewMessageBody): Buffer {
  const isBase64 = encoding === 'base64';
  if (isBase64 && !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(body)) {
    throw new HubError('invalid_payload', '"body" is not base64 as RFC 4648 has it, with "+", "/" and padding.');
  }
  const bytes = Buffer.from(body, isBase64 ? 'base64' : 'utf8');
  const { maxMessageBytes } = ADMIN_LIMITS;
  if (bytes.length <= maxMessageBytes) return bytes;
  throw new HubError(
    'body_too_large',
    `The message has ${bytes.length} bytes; ${maxMessageBytes} at most are taken here. Nothing was stored.`,
  );
}
