import type { Channel } from '../../channels/channel.js';
import type { Channels } from '../../channels/channels.js';
import { andThen } from '../../channels/maybe-promise.js';
import { locationCause } from '../../channels/publisher-cause.js';
import type { NewMessage } from '../../engine/message-log.js';
import type { Location } from '../../locations/location.js';
import { answerWith } from '../answer-with.js';
import { emptyAnswer } from '../answers.js';
import type { Answer, Exchange } from '../exchange.js';
import type { ChannelRoute } from '../route.js';
import { channelInfo } from './channel-info.js';
import { PublisherDraft } from './publisher-draft.js';

/** A publisher's POST: the body becomes a message; 201 when somebody waited for it, else 202, with the channel's state. */
export function publish(exchange: Exchange, channels: Channels, route: ChannelRoute): void {
  const { location } = route;
  const channel = channels.open(route.key, route.channel);
  route.channel = channel;
  channel.policy = location.policy;
  const published = channel.publish(draftOf(exchange, channels, location, route.channelId));
  answerWith(
    exchange,
    andThen(published, ({ delivered }) => infoAnswer(exchange, channels, channel, delivered > 0 ? 201 : 202)),
  );
}

/** A publisher's GET: the channel's state, 404 when there is none. */
export function tellChannel(exchange: Exchange, channels: Channels, route: ChannelRoute): void {
  const channel = channels.find(route.key);
  if (channel) exchange.answer(infoAnswer(exchange, channels, channel, 200));
  else exchange.answer(emptyAnswer(404));
}

/** A publisher's PUT: makes the channel when there is none and tells its state; a body is not a message. */
export function makeChannel(exchange: Exchange, channels: Channels, route: ChannelRoute): void {
  const channel = channels.open(route.key);
  channel.policy = route.location.policy;
  channel.remember();
  exchange.answer(infoAnswer(exchange, channels, channel, 200));
}

/**
 * A publisher's DELETE: the channel and its messages go, its subscribers get 410; tells the state as it was before, once the
 * channel does not come back after a crash.
 */
export function deleteChannel(exchange: Exchange, channels: Channels, route: ChannelRoute): void {
  const channel = channels.find(route.key);
  if (!channel) return exchange.answer(emptyAnswer(404));
  const answer = infoAnswer(exchange, channels, channel, 200);
  channels.delete(route.key);
  answerWith(
    exchange,
    andThen(channels.log.settled(), () => answer),
  );
}

function draftOf(exchange: Exchange, channels: Channels, location: Location, channelId: string): NewMessage {
  const { settings, title } = location;
  const { messageTimeoutMs } = settings;
  const expiresAt = messageTimeoutMs === 0 ? Number.POSITIVE_INFINITY : channels.clock.now() + messageTimeoutMs;
  const cause = locationCause(title, channelId, settings.channelGroup);
  return new PublisherDraft(exchange, expiresAt, settings, cause);
}

function infoAnswer(exchange: Exchange, channels: Channels, channel: Channel, status: number): Answer {
  const { headers, body } = channelInfo(channel, channels.clock.now(), exchange.header('accept'));
  return { status, headers, body };
}
