import { Channel } from '../../channels/channel.js';
import type { Channels } from '../../channels/channels.js';
import { isPromise } from '../../channels/maybe-promise.js';
import type { PollEnd } from '../../channels/parked-polls.js';
import type { StoredMessage } from '../../engine/message-log.js';
import { type Position, secondOf, tagOf } from '../../engine/position.js';
import type { Location, LocationSettings } from '../../locations/location.js';
import { emptyAnswer, textAnswer } from '../answers.js';
import type { Answer, Exchange } from '../exchange.js';
import { httpDate } from '../http-date.js';
import type { ChannelRoute } from '../route.js';

/** The header that lets a cache tell two polls of one URL apart. */
export const MESSAGE_VARY = 'If-None-Match, If-Modified-Since';

const pollEndAnswers: Record<PollEnd, Answer> = {
  conflict: emptyAnswer(409),
  gone: emptyAnswer(410),
  timeout: emptyAnswer(304),
  stopping: { ...emptyAnswer(304), close: true },
};

/** What a poll gets that ends without a message. */
export function pollEndAnswer(reason: PollEnd): Answer {
  return pollEndAnswers[reason];
}

/** The header lines of a message, those that a door adds left out. */
export function messageHeaders(
  message: Pick<StoredMessage, 'contentType' | 'position'>,
  location: Location | undefined,
): Answer['headers'] {
  const contentType = message.contentType ?? location?.settings.defaultType ?? '';
  const lastModified = lastModifiedLine(secondOf(message.position));
  const etag = ['Etag', String(tagOf(message.position))] as const;
  const vary = location?.settings.gzip ? VARY_GZIP : VARY;
  if (contentType === '') return [lastModified, etag, vary];
  return [typeLine(contentType), lastModified, etag, vary];
}

type HeaderLine = Answer['headers'][number];

const VARY: HeaderLine = ['Vary', MESSAGE_VARY];
const VARY_GZIP: HeaderLine = ['Vary', `${MESSAGE_VARY}, Accept-Encoding`];
/** the lines of the message before, which most messages have as well */
let lastSecond = -1;
let lastModified: HeaderLine = ['Last-Modified', ''];
let lastType: HeaderLine = ['Content-Type', ''];

function lastModifiedLine(second: number): HeaderLine {
  if (second !== lastSecond) {
    lastSecond = second;
    lastModified = ['Last-Modified', httpDate(second)];
  }
  return lastModified;
}

function typeLine(contentType: string): HeaderLine {
  if (contentType !== lastType[1]) lastType = ['Content-Type', contentType];
  return lastType;
}

/** A subscriber's GET: the first message behind the one it names, now or when it is published. */
export function subscribe(exchange: Exchange, channels: Channels, route: ChannelRoute): void {
  const channel = admit(exchange, channels, route);
  if (!channel) return;
  const { location } = route;
  route.channel = channel;
  channel.policy = location.policy;
  channel.noteRequest();
  exchange.parkedIn = channel;
  if (location.settings.subscriberMode === 'long-poll') longPoll(exchange, channel, location.settings);
  else intervalPoll(exchange, channel, location.settings);
}

function longPoll(exchange: Exchange, channel: Channel, settings: LocationSettings): void {
  channel.poll(behind(exchange, settings), exchange);
  if (!exchange.isAnswered && settings.subscriberTimeoutMs > 0) exchange.armTimeout(settings.subscriberTimeoutMs);
}

function intervalPoll(exchange: Exchange, channel: Channel, settings: LocationSettings): void {
  const found = channel.log.next(behind(exchange, settings));
  if (isPromise(found)) {
    found.then((message) => answerInterval(exchange, channel, message)).catch((error: unknown) => exchange.fail(error));
  } else answerInterval(exchange, channel, found);
}

function answerInterval(exchange: Exchange, channel: Channel, message: StoredMessage | undefined): void {
  if (message) return channel.deliverTo(exchange, message);
  exchange.answer(intervalEndAnswer(exchange));
}

/** What an interval-poll gets when nothing is there: the tag that it came with. */
export function intervalEndAnswer(exchange: Exchange): Answer {
  const etag = exchange.header('if-none-match');
  return { status: 304, headers: etag ? [['Etag', etag]] : [], body: '' };
}

/** The channel that the subscriber may wait in; undefined when the exchange was answered with a refusal. */
function admit(exchange: Exchange, channels: Channels, route: ChannelRoute): Channel | undefined {
  const { key, channel: known } = route;
  const { settings } = route.location;
  const channel = settings.authorizedChannelsOnly ? channels.find(key, known) : channels.open(key, known);
  if (!channel) {
    exchange.answer(
      textAnswer(403, 'This channel does not exist, and only existing ones may be subscribed to here.\n'),
    );
    return undefined;
  }
  if (settings.maxChannelSubscribers > 0 && channel.polls.size >= settings.maxChannelSubscribers) {
    exchange.answer(emptyAnswer(403));
    return undefined;
  }
  if (settings.subscriberConcurrency === 'first' && channel.polls.size > 0) {
    exchange.answer(pollEndAnswer('conflict'));
    return undefined;
  }
  if (settings.subscriberConcurrency === 'last') channel.polls.end('conflict');
  return channel;
}

/** The position behind which the next message is wanted; behind all of them when the client asks to pass the queue. */
function behind(exchange: Exchange, settings: LocationSettings): Position {
  return settings.ignoreQueueOnNoCache && asksNoCache(exchange) ? Number.MAX_SAFE_INTEGER : exchange.asked;
}

const NO_CACHE = /(?:^|,)[ \t]*no-cache[ \t]*(?:,|$)/i;

function asksNoCache(exchange: Exchange): boolean {
  return NO_CACHE.test(exchange.header('cache-control') ?? '') || NO_CACHE.test(exchange.header('pragma') ?? '');
}

/** Called by a door as it sends `message`: drops it where the location says that reading the oldest removes it. */
export function noteReceived(exchange: Exchange, message: StoredMessage): void {
  const settings = exchange.location?.settings;
  if (!settings?.deleteOldestReceivedMessage) return;
  const { parkedIn } = exchange;
  if (parkedIn instanceof Channel) parkedIn.discardReceived(message, settings.minMessageBufferLength);
}
