import type { LocationConfig } from '../hub-config.js';
import type { LocationKeys } from '../keys/location-keys.js';
import { bytes, count, isOn, ms } from './resolve-values.js';

type Settings = LocationConfig['settings'];

export function resolveLocation(keys: LocationKeys): LocationConfig {
  return {
    path: keys.path as string,
    channel: (keys.channel ?? keys.commands) as string,
    isQueue: keys.commands !== undefined,
    publisher: isOn(keys.publisher),
    subscriber: isPollMode(keys.subscriber) || isOn(keys.subscriber),
    dialect: keys.dialect as LocationConfig['dialect'],
    settings: {
      subscriberMode: isPollMode(keys.subscriber) ? keys.subscriber : 'long-poll',
      subscriberConcurrency: keys.subscriber_concurrency as Settings['subscriberConcurrency'],
      storeMessages: isOn(keys.store_messages),
      durability: keys.durability as Settings['durability'],
      ...bufferLengths(keys),
      deleteOldestReceivedMessage: isOn(keys.delete_oldest_received_message),
      ignoreQueueOnNoCache: isOn(keys.ignore_queue_on_no_cache),
      messageTimeoutMs: ms(keys.message_timeout),
      subscriberTimeoutMs: ms(keys.subscriber_timeout),
      channelTimeoutMs: ms(keys.channel_timeout),
      authorizedChannelsOnly: isOn(keys.authorized_channels_only),
      channelGroup: keys.channel_group as string,
      maxChannelIdLength: count(keys.max_channel_id_length),
      maxChannelSubscribers: count(keys.max_channel_subscribers),
      defaultType: keys.defaultType as string,
      gzip: isOn(keys.gzip),
      maxBodyBytes: bytes(keys.maxBodySize),
    },
  };
}

function isPollMode(written: unknown): written is Settings['subscriberMode'] {
  return written === 'long-poll' || written === 'interval-poll';
}

/** A least that was not written gives way to a smaller most. */
function bufferLengths(keys: LocationKeys): Pick<Settings, 'minMessageBufferLength' | 'maxMessageBufferLength'> {
  const most = count(keys.message_buffer_length ?? keys.max_message_buffer_length);
  const least = count(keys.message_buffer_length ?? keys.min_message_buffer_length);
  return { minMessageBufferLength: Math.min(least, most), maxMessageBufferLength: most };
}
