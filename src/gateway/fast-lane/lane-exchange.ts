import type { Socket } from 'node:net';
import type { Deadlined } from '../../channels/deadline-wheel.js';
import type { PollEnd } from '../../channels/parked-polls.js';
import type { TrackedDevice } from '../../devices/tracked-device.js';
import type { StoredMessage } from '../../engine/message-log.js';
import type { Position } from '../../engine/position.js';
import type { Location, RequestFacts } from '../../locations/location.js';
import { type Answer, type Exchange, endDevicePoll, type Parking, type SentListener } from '../exchange.js';
import { queryOf } from '../route.js';
import { messageHeaders, noteReceived, pollEndAnswer } from '../subscriber/push-subscriber.js';
import type { Rendered } from './answer-text.js';
import type { Lane } from './lane.js';
import { LaneRequest } from './lane-request.js';

/**
 * A lane connection's request as those who serve it see it. It is a part of the connection's class and no object of its
 * own, so that a parked poll is one object.
 */
export abstract class LaneExchange implements Exchange, RequestFacts, Deadlined {
  parkIndex = -1;
  dueAt = 0;
  wheelSlot = -1;
  wheelIndex = 0;
  parkedIn: Parking | undefined;
  device: TrackedDevice | undefined = undefined;
  isAnswered = true;
  protected readonly request = new LaneRequest();

  constructor(
    protected readonly lane: Lane,
    protected readonly socket: Socket,
  ) {}

  get method(): string {
    return this.request.method;
  }

  get body(): Buffer {
    return this.request.body;
  }

  get bodyText(): string | undefined {
    return this.request.bodyText;
  }

  get location(): Location | undefined {
    const { route } = this.request;
    return route?.kind === 'location' ? route.location : undefined;
  }

  get query(): string {
    return queryOf(this.request.target);
  }

  get asked(): Position {
    return this.request.asked;
  }

  get remoteAddress(): string {
    return this.socket.remoteAddress ?? '';
  }

  header(name: string): string | undefined {
    return this.request.header(name);
  }

  armTimeout(timeoutMs: number): void {
    this.lane.wheel.arm(this, timeoutMs);
  }

  answer(answer: Answer, sent?: SentListener): void {
    if (this.isAnswered) return sent?.(false);
    endDevicePoll(this, answer.status);
    const keepAlive = this.staysOpen(answer);
    this.send(this.lane.text.answer(answer, keepAlive), keepAlive, sent);
  }

  deliver(message: StoredMessage): void {
    if (this.isAnswered) return;
    noteReceived(this, message);
    if (this.staysOpen()) {
      endDevicePoll(this, 200);
      this.send(this.lane.text.message(message, this.location), true);
    } else this.answer({ status: 200, headers: messageHeaders(message, this.location), body: message.body });
  }

  end(reason: PollEnd, cause?: unknown): void {
    if (cause !== undefined) this.lane.server.noteFault(this.request.route, cause);
    this.answer(this.parkedIn?.endAnswer?.(reason) ?? pollEndAnswer(reason));
  }

  fail(error: unknown): void {
    this.answer(this.lane.server.failure(this.request.route, error));
  }

  abstract expire(): void;

  /** Sends an answer, and ends the connection with it or goes on to the next request. */
  protected abstract send(rendered: Rendered, keepAlive: boolean, sent?: SentListener): void;

  private staysOpen(answer?: Answer): boolean {
    return this.request.keepAlive && !answer?.close && !this.lane.isStopping;
  }
}
