import type { Poll, PollEnd } from '../channels/parked-polls.js';
import type { Delivery } from '../commands/queue/command-poll.js';
import { NOTED } from '../devices/black-box.js';
import type { TrackedDevice } from '../devices/tracked-device.js';
import type { Position } from '../engine/position.js';
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

/** Told once: true when the socket took an answer's last byte, false when the connection ended before. */
export type SentListener = (isSent: boolean) => void;

/** Where a request waits for what it will be answered with: a channel, or a device's queue. */
export interface Parking {
  /** true: a waiting request's head has been read, and may be forgotten */
  readonly hasReadHead?: boolean;
  /** The request is no longer to be answered from here. */
  leave(exchange: Exchange): void;
  /** What it gets that ends without what it waited for; left out: what the push module answers. */
  endAnswer?(reason: PollEnd): Answer;
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
  /** the query string as sent, without `?`; '' when there is none */
  readonly query: string;
  /** behind which position its If-Modified-Since and If-None-Match ask for the next message (asked-position.ts) */
  readonly asked: Position;
  /** where it waits, so that the door can take it out when the client leaves */
  parkedIn: Parking | undefined;
  /** the device whose poll this is; the door tells it how the poll ended */
  device: TrackedDevice | undefined;
  readonly isAnswered: boolean;
  /** The first value of a header line; undefined when there is none. @param name in lower case */
  header(name: string): string | undefined;
  /** @param sent told what became of the bytes, also when nothing was sent because it was answered or left before */
  answer(answer: Answer, sent?: SentListener): void;
  /** Answers with what went wrong, as the clients of its URL expect it; a fault of the hub is logged. */
  fail(error: unknown): void;
  /** Ends the poll with `timeout` after about `timeoutMs` unless it was answered before. */
  armTimeout(timeoutMs: number): void;
}

/**
 * Tells the device that polled, once, how that ended.
 * @param answer its status, or one of NOTED; undefined: the client left
 * @param seq of the command that it was answered with, 0 for none
 */
export function endDevicePoll(exchange: Exchange, answer: number | undefined, seq = 0): void {
  const { device } = exchange;
  if (!device) return;
  exchange.device = undefined;
  device.pollEnded(answer, seq);
}

/** Tells the device that polled with which commands it is about to be answered. */
export function endDevicePollWith(exchange: Exchange, commands: Delivery['commands']): void {
  if (!exchange.isAnswered) endDevicePoll(exchange, commands.length > 1 ? NOTED.severalSent : 200, commands[0]?.seq);
}
