import type { Channels } from '../channels/channels.js';
import type { FaultLog } from '../channels/fault-log.js';
import { HubError } from '../channels/hub-error.js';
import type { Commands } from '../commands/commands.js';
import { checkDeviceId } from '../devices/device-id.js';
import type { Registry } from '../devices/registry/registry.js';
import type { Location, LocationTable, RequestFacts } from '../locations/location.js';
import { emptyAnswer, methodNotAllowed, problemAnswer, sentenceAnswer, textAnswer } from './answers.js';
import type { DeviceApi } from './device-api/device-api.js';
import type { Answer, Exchange } from './exchange.js';
import { deleteChannel, makeChannel, publish, tellChannel } from './publisher/push-publisher.js';
import { publishToQueue, type QueueParts } from './publisher/queue-publisher.js';
import { type ChannelRoute, findRoute, type LocationRoute, type Route } from './route.js';
import { subscribe } from './subscriber/push-subscriber.js';
import { subscribeToQueue } from './subscriber/queue-subscriber.js';

/** Serves requests of both doors: finds their route and hands them to what answers them. */
export class RequestServer {
  private readonly queues: QueueParts;

  constructor(
    private readonly channels: Channels,
    private readonly locations: LocationTable,
    private readonly commands: Commands,
    private readonly devices: DeviceApi,
    private readonly registry: Registry,
    /** bytes of an event's or a command's body */
    private readonly maxDeviceBodyBytes: number,
    private readonly faults: FaultLog,
  ) {
    this.queues = { commands, registry, now: () => channels.clock.now() };
  }

  /** @param target as on the request line, percent-encoding untouched */
  find(target: string, facts: RequestFacts): Route | undefined {
    return findRoute(this.locations, target, facts);
  }

  maxBodyBytes(route: Route): number {
    return route.kind === 'location' ? route.location.settings.maxBodyBytes : this.maxDeviceBodyBytes;
  }

  /** Serves a request; whatever is thrown on the way is its answer. */
  serve(route: Route, exchange: Exchange): void {
    try {
      this.serveRoute(route, exchange);
    } catch (error) {
      exchange.fail(error);
    }
  }

  /** The answer to a request that failed: a sentence for the push module's clients, problem details for those of our API. */
  failure(route: Route | undefined, error: unknown): Answer {
    const told = this.noteFault(route, error);
    return route?.kind === 'location' ? sentenceAnswer(told) : problemAnswer(told);
  }

  /** Logs what went wrong with a request. @returns what its client may be told */
  noteFault(route: Route | undefined, error: unknown): HubError {
    // Not the URL: a channel's id may be all that keeps others out of it.
    return this.faults.note(
      error,
      route?.kind === 'location' ? { location: route.location.title } : { api: route?.kind },
    );
  }

  /** The answer to a request that leads nowhere. */
  notFound(target: string): Answer {
    return problemAnswer(
      new HubError(
        'location_not_found',
        `Nothing is served at "${target.slice(0, 200)}". The configuration's locations and /v1/devices/ are; ` +
          '"signalbox check" lists them.',
      ),
    );
  }

  /** Ends every request that waits, so that its client asks again elsewhere or later. */
  endAllPolls(): void {
    this.channels.endAllPolls();
    this.commands.endAllPolls();
  }

  private serveRoute(route: Route, exchange: Exchange): void {
    switch (route.kind) {
      case 'location':
        return this.serveLocation(exchange, route);
      default:
        return this.devices.serve(route, exchange);
    }
  }

  private serveLocation(exchange: Exchange, route: LocationRoute): void {
    const { location, channelId } = route;
    if (channelId === '') return exchange.answer(noChannelId);
    const { method } = exchange;
    if (method === 'OPTIONS') return exchange.answer(corsAnswer(location));
    if (method === 'GET' && location.subscriber) return this.poll(exchange, route);
    if (route.device !== undefined && location.publisher) return publishToQueue(exchange, route.device, this.queues);
    const verb = location.publisher ? publisherVerbs.get(method) : undefined;
    if (verb) verb(exchange, this.channels, route);
    else exchange.answer(methodNotAllowed(method, allowedMethods(location)));
  }

  private poll(exchange: Exchange, route: LocationRoute): void {
    const { location, device } = route;
    if (device === undefined) return subscribe(exchange, this.channels, route);
    exchange.device = this.registry.polling(checkDeviceId(device));
    exchange.device?.pollOpened();
    subscribeToQueue(exchange, this.commands, location, { device, form: location.isQueue ? 'params' : 'json' });
  }
}

type Verb = (exchange: Exchange, channels: Channels, route: ChannelRoute) => void;

const publisherVerbs: ReadonlyMap<string, Verb> = new Map([
  ['GET', tellChannel],
  ['POST', publish],
  ['PUT', makeChannel],
  ['DELETE', deleteChannel],
]);

const noChannelId: Answer = textAnswer(404, 'No channel id provided.');

/** What a location allows, as its 405 and its OPTIONS tell. */
export function allowedMethods(location: Location): string {
  return location.publisher ? 'GET, POST, PUT, DELETE, OPTIONS' : 'GET, OPTIONS';
}

function corsAnswer(location: Location): Answer {
  const subscriberHeaders = location.subscriber ? ['If-None-Match', 'If-Modified-Since'] : [];
  const publisherHeaders = location.publisher ? ['Content-Type'] : [];
  return {
    ...emptyAnswer(200),
    headers: [
      ['Access-Control-Allow-Origin', '*'],
      ['Access-Control-Allow-Headers', [...subscriberHeaders, ...publisherHeaders, 'Origin'].join(', ')],
      ['Access-Control-Allow-Methods', allowedMethods(location)],
    ],
  };
}
