import { HubError } from '../../../src/channels/hub-error.js';
import type { PollEnd } from '../../../src/channels/parked-polls.js';
import type { StoredMessage } from '../../../src/engine/message-log.js';
import type { Position } from '../../../src/engine/position.js';
import type { Answer, Exchange, Parking } from '../../../src/gateway/exchange.js';
import type { ChannelRoute } from '../../../src/gateway/route.js';
import { askedPosition } from '../../../src/gateway/subscriber/asked-position.js';
import { noteReceived } from '../../../src/gateway/subscriber/push-subscriber.js';
import type { Location, LocationSettings } from '../../../src/locations/location.js';
import { compileLocations } from '../../../src/locations/location-table.js';
import { plan } from '../../locations/location-plans.js';

/** A location of one role, with default settings but for what is given. */
export function locationOf(role: 'publisher' | 'subscriber', changed: Partial<LocationSettings> = {}): Location {
  const publisher = role === 'publisher';
  const [location] = compileLocations([{ ...plan('/', '$arg_id', changed), publisher, subscriber: !publisher }]).all;
  return location as Location;
}

/** Channel "a", as the location shows it. */
export function routeTo(location: Location): ChannelRoute {
  return { location, channelId: 'a', key: 'a', channel: undefined };
}

/** A request that writes down how it is answered. */
export class RecordedExchange implements Exchange {
  parkIndex = -1;
  parkedIn: Parking | undefined;
  readonly query = '';
  device = undefined;
  readonly method = 'GET';
  readonly body: Buffer;
  /** statuses, bodies of messages, `ended: <reason>` and codes of errors, in order */
  readonly told: (string | number)[] = [];
  /** the last answer */
  answered: Answer | undefined;
  timeoutMs: number | undefined;

  constructor(
    readonly location: Location,
    private readonly headers: Readonly<Record<string, string>> = {},
    body = '',
  ) {
    this.body = Buffer.from(body);
  }

  get isAnswered(): boolean {
    return this.told.length > 0;
  }

  get asked(): Position {
    return askedPosition(this.header('if-modified-since'), this.header('if-none-match'));
  }

  header(name: string): string | undefined {
    return this.headers[name];
  }

  answer(answer: Answer): void {
    this.answered = answer;
    this.told.push(answer.status);
  }

  deliver(message: StoredMessage): void {
    noteReceived(this, message);
    this.told.push(message.body.toString());
  }

  end(reason: PollEnd): void {
    this.told.push(`ended: ${reason}`);
  }

  fail(error: unknown): void {
    this.told.push(HubError.from(error).code);
  }

  armTimeout(timeoutMs: number): void {
    this.timeoutMs = timeoutMs;
  }
}
