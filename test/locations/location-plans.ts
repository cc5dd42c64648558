import type { LocationPlan } from '../../src/locations/compiled-location.js';
import type { LocationSettings, RequestFacts } from '../../src/locations/location.js';

const settings: LocationSettings = {
  subscriberMode: 'long-poll',
  subscriberConcurrency: 'broadcast',
  storeMessages: true,
  durability: 'disk',
  minMessageBufferLength: 1,
  maxMessageBufferLength: 10,
  deleteOldestReceivedMessage: false,
  ignoreQueueOnNoCache: false,
  messageTimeoutMs: 3_600_000,
  subscriberTimeoutMs: 0,
  channelTimeoutMs: 5_000,
  authorizedChannelsOnly: false,
  channelGroup: '',
  maxChannelIdLength: 1024,
  maxChannelSubscribers: 0,
  defaultType: '',
  gzip: false,
  maxBodyBytes: 1_048_576,
};

/** A subscriber location with default settings, but for what is given. */
export function plan(path: string, channel = '$arg_id', changed: Partial<LocationSettings> = {}): LocationPlan {
  return { path, channel, isQueue: false, publisher: false, subscriber: true, settings: { ...settings, ...changed } };
}

/** A request from 192.0.2.7, but for what is given. */
export function request({
  query = '',
  headers = {},
  from = '192.0.2.7',
}: {
  query?: string;
  headers?: Record<string, string>;
  from?: string;
}): RequestFacts {
  return { query, header: (name) => headers[name], remoteAddress: from };
}
