import type { Channel } from '../channels/channel.js';
import type { Poll } from '../channels/parked-polls.js';
import type { TrackedDevice } from '../devices/tracked-device.js';
import type { Location } from '../locations/location.js';

/** An answer as any door can send it. The door adds Server, Date, Content-Length and Connection. */
export interface Answer {
  readonly status: number;
  /** further header lines, names spelled as they go out */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** text is sent as UTF-8; '' and an empty Buffer send `Content-Length: 0` */
  readonly body: string | Buffer;
  /** true: the connection ends with this answer */
  readonly close?: boolean;
}

/**
 * One request and the way to answer it, the same at both doors: the fast lane's connection and the Fastify door's
 * request each implement it, and what serves a request sees no further. One of `answer`, `deliver` and `end` answers
 * it; what comes after the first, or after the client has left, is ignored.
 */
export interface Exchange extends Poll {
  readonly method: string;
  /** the whole body, owned by whoever gets the exchange; empty when there is none */
  readonly body: Buffer;
  /** the same bytes as latin1 characters, where the door has them so */
  readonly bodyText?: string | undefined;
  /** the location that it came in by; undefined on the device API */
  readonly location: Location | undefined;
  /** the channel that it waits for, so that the door can take it out when the client leaves */
  parkedIn: Channel | undefined;
  /** the device whose poll this is; the door tells it how the poll ended */
  device: TrackedDevice | undefined;
  readonly isAnswered: boolean;
  /** The first value of a header line; undefined when there is none. @param name in lower case */
  header(name: string): string | undefined;
  answer(answer: Answer): void;
  /** Answers with what went wrong, as the clients of its URL expect it; a fault of the hub is logged. */
  fail(error: unknown): void;
  /** Ends the poll with `timeout` after about `timeoutMs` unless it was answered before. */
  armTimeout(timeoutMs: number): void;
}

/** Tells the device that polled, once, how that ended. @param status of the answer; undefined: the client left */
export function endDevicePoll(exchange: Exchange, status: number | undefined): void {
  const { device } = exchange;
  if (!device) return;
  exchange.device = undefined;
  device.pollEnded(status);
}
