import type { Publication } from '../../channels/channel.js';
import { andThen, isPromise } from '../../channels/maybe-promise.js';
import type { DeviceEvents } from '../../devices/device-events.js';
import { formatPosition } from '../../engine/position.js';
import { answerWith } from '../answer-with.js';
import { JSON_HEADERS } from '../answers.js';
import type { Answer, Exchange } from '../exchange.js';
import { askedPoll, askedQuery, askedWait } from './asked.js';
import { type PollParts, pollCommands } from './device-poll.js';

/** What an event is recorded with. */
export interface EventName {
  readonly device: string;
  readonly type: string;
}

/**
 * POST /v1/devices/{device}/events/{type}: 202 with the event's position once it is stored; with `wait` it is a poll for
 * commands as well, and 200 with one that comes in time.
 */
export function postEvent(
  exchange: Exchange,
  { device, type }: EventName,
  events: DeviceEvents,
  parts: PollParts,
): void {
  const isPoll = askedWait(exchange, askedQuery(exchange)) !== undefined;
  // What is wrong with the poll is told before the event is stored, not after.
  if (isPoll) askedPoll(exchange, parts.times);
  const { body, bodyText: text } = exchange;
  const recorded = events.record(device, type, { body, text, contentType: exchange.header('content-type') || null });
  if (!isPoll) return answerWith(exchange, isPromise(recorded) ? recorded.then(stored) : stored(recorded));
  const polling = andThen(recorded, (publication) => {
    if (!exchange.isAnswered) pollCommands(exchange, device, parts, stored(publication));
  });
  if (isPromise(polling)) polling.catch((error: unknown) => exchange.fail(error));
}

function stored(publication: Publication): Answer {
  return {
    status: 202,
    headers: JSON_HEADERS,
    body: `{"position":"${formatPosition(publication.message.position)}"}\n`,
  };
}
