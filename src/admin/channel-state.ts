import type { Channel } from '../channels/channel.js';
import { channelNameOf } from '../channels/channel-key.js';
import type { ChannelPolicy } from '../channels/channel-policy.js';
import { formatDuration } from '../config/units/duration.js';
import { formatPosition, type Position } from '../engine/position.js';
import type { ChannelSettings, ChannelState } from './channel.dto.js';
import { channelHref } from './channel-name.js';

/** A channel as the admin API shows it; messages past their time are dropped before they are counted. */
export function channelState(channel: Channel): ChannelState {
  const { key, log, polls, published, delivered, createdAt, lastPublishedAt, lastPolledAt, policy } = channel;
  log.dropExpired();
  const { group, id } = channelNameOf(key);
  return {
    id,
    group,
    href: channelHref({ group, id }),
    messages: log.length,
    bytes: log.bytes,
    subscribers: polls.size,
    published,
    delivered,
    firstPosition: positionText(log.first),
    lastPosition: positionText(log.last),
    createdAt: instantText(createdAt) as string,
    lastPublishedAt: instantText(lastPublishedAt),
    lastPolledAt: instantText(lastPolledAt),
    settings: policy ? settingsText(policy) : null,
  };
}

/** @param unixMs undefined and Infinity: never */
export function instantText(unixMs: number | undefined): string | null {
  return unixMs === undefined || unixMs === Number.POSITIVE_INFINITY ? null : new Date(unixMs).toISOString();
}

function positionText(position: Position | undefined): string | null {
  return position ? formatPosition(position) : null;
}

function settingsText(policy: ChannelPolicy): ChannelSettings {
  return {
    location: policy.location,
    min_message_buffer_length: policy.minMessageBufferLength,
    max_message_buffer_length: policy.maxMessageBufferLength,
    message_timeout: formatDuration(policy.messageTimeoutMs),
    channel_timeout: formatDuration(policy.channelTimeoutMs),
  };
}
