import type { Channel, Publication } from '../../channels/channel.js';
import { channelKey } from '../../channels/channel-key.js';
import type { Channels } from '../../channels/channels.js';
import { isPromise } from '../../channels/maybe-promise.js';
import type { NewMessage } from '../../engine/message-log.js';
import type { Location } from '../../locations/location.js';
import { emptyAnswer } from '../answers.js';
import type { Exchange } from '../exchange.js';
import { channelInfo } from './channel-info.js';
import { PublisherDraft } from './publisher-draft.js';

/** A publisher's POST: the body becomes a message; 201 when somebody waited for it, else 202, with the channel's state. */
export function publish(exchange: Exchange, channels: Channels, location: Location, channelId: string): void {
  const channel = channels.open(channelKey(location.settings.channelGroup, channelId));
  channel.policy = location.policy;
  const published = channel.publish(draftOf(exchange, channels, location));
  if (isPromise(published)) answerLater(exchange, channels, channel, published);
  else answerPublished(exchange, channels, channel, published);
}

/** A publisher's GET: the channel's state, 404 when there is none. */
export function tellChannel(exchange: Exchange, channels: Channels, location: Location, channelId: string): void {
  const channel = channels.find(channelKey(location.settings.channelGroup, channelId));
  if (channel) answerInfo(exchange, channels, channel, 200);
  else exchange.answer(emptyAnswer(404));
}

/** A publisher's PUT: makes the channel when there is none and tells its state; a body is not a message. */
export function makeChannel(exchange: Exchange, channels: Channels, location: Location, channelId: string): void {
  const channel = channels.open(channelKey(location.settings.channelGroup, channelId));
  channel.policy = location.policy;
  channel.remember();
  answerInfo(exchange, channels, channel, 200);
}

/**
 * A publisher's DELETE: the channel and its messages go, its subscribers get 410; tells the state as it was before, once the
 * channel does not come back after a crash.
 */
export function deleteChannel(exchange: Exchange, channels: Channels, location: Location, channelId: string): void {
  const key = channelKey(location.settings.channelGroup, channelId);
  const channel = channels.find(key);
  if (!channel) return exchange.answer(emptyAnswer(404));
  const { headers, body } = channelInfo(channel, channels.clock.now(), exchange.header('accept'));
  channels.delete(key);
  const answer = () => exchange.answer({ status: 200, headers, body });
  const settled = channels.log.settled();
  if (isPromise(settled)) settled.then(answer).catch((error: unknown) => exchange.fail(error));
  else answer();
}

function draftOf(exchange: Exchange, channels: Channels, { settings }: Location): NewMessage {
  const { messageTimeoutMs } = settings;
  const expiresAt = messageTimeoutMs === 0 ? Number.POSITIVE_INFINITY : channels.clock.now() + messageTimeoutMs;
  return new PublisherDraft(exchange, expiresAt, settings);
}

function answerPublished(exchange: Exchange, channels: Channels, channel: Channel, published: Publication): void {
  answerInfo(exchange, channels, channel, published.delivered > 0 ? 201 : 202);
}

function answerLater(exchange: Exchange, channels: Channels, channel: Channel, published: Promise<Publication>): void {
  published
    .then((publication) => answerPublished(exchange, channels, channel, publication))
    .catch((error: unknown) => exchange.fail(error));
}

function answerInfo(exchange: Exchange, channels: Channels, channel: Channel, status: number): void {
  const { headers, body } = channelInfo(channel, channels.clock.now(), exchange.header('accept'));
  exchange.answer({ status, headers, body });
}
