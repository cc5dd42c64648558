import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Deadlined, DeadlineWheel } from '../../channels/deadline-wheel.js';
import type { PollEnd } from '../../channels/parked-polls.js';
import type { TrackedDevice } from '../../devices/tracked-device.js';
import type { StoredMessage } from '../../engine/message-log.js';
import type { Position } from '../../engine/position.js';
import type { Location, RequestFacts } from '../../locations/location.js';
import { type Answer, type Exchange, endDevicePoll, type Parking, type SentListener } from '../exchange.js';
import type { RequestServer } from '../request-server.js';
import { queryOf, type Route } from '../route.js';
import { sendingMark } from '../sending-mark.js';
import { askedPosition } from '../subscriber/asked-position.js';
import { gzipAnswer, wantsGzip } from '../subscriber/gzip.js';
import { messageHeaders, noteReceived, pollEndAnswer } from '../subscriber/push-subscriber.js';
import { refuseRequest, writeAnswerHead } from './http-answer.js';
import type { UnderWay } from './pipeline.js';

/** What the exchanges of the Fastify door share. */
export interface HttpDoor {
  readonly server: RequestServer;
  readonly wheel: DeadlineWheel;
  readonly isStopping: boolean;
  /** ms that a client may take nothing of its answer */
  readonly sendTimeoutMs: number;
  /** unix ms */
  now(): number;
}

const NOTHING = Buffer.alloc(0);

/** A request as Node's parser read it; the counterpart of the fast lane's connection. */
export class HttpExchange implements Exchange, RequestFacts, Deadlined, UnderWay {
  parkIndex = -1;
  dueAt = 0;
  wheelSlot = -1;
  wheelIndex = 0;
  parkedIn: Parking | undefined;
  device: TrackedDevice | undefined = undefined;
  body: Buffer = NOTHING;
  isAnswered = false;
  route: Route | undefined;
  /** the mark of what the client has to take, when it was looked at last */
  private unsent = 0;

  constructor(
    private readonly door: HttpDoor,
    private readonly request: IncomingMessage,
    private readonly response: ServerResponse,
    /** the request target as sent */
    readonly target: string,
  ) {
    response.once('close', () => this.leave());
  }

  get method(): string {
    return this.request.method ?? '';
  }

  get asked(): Position {
    return askedPosition(this.header('if-modified-since'), this.header('if-none-match'));
  }

  get location(): Location | undefined {
    return this.route?.kind === 'location' ? this.route.location : undefined;
  }

  get query(): string {
    return queryOf(this.target);
  }

  get remoteAddress(): string {
    return this.socket.remoteAddress ?? '';
  }

  get socket(): Socket {
    return this.request.socket;
  }

  header(name: string): string | undefined {
    const { rawHeaders } = this.request;
    // The first line of the name, where request.headers joins some and drops others.
    for (let i = 0; i < rawHeaders.length; i += 2) {
      if (rawHeaders[i]?.toLowerCase() === name) return rawHeaders[i + 1];
    }
    return undefined;
  }

  armTimeout(timeoutMs: number): void {
    this.door.wheel.arm(this, timeoutMs);
  }

  answer(answer: Answer, sent?: SentListener): void {
    if (!this.begin(answer.status)) return sent?.(false);
    this.send(answer, sent);
  }

  deliver(message: StoredMessage): void {
    if (!this.begin(200)) return;
    noteReceived(this, message);
    const answer: Answer = { status: 200, headers: messageHeaders(message, this.location), body: message.body };
    if (this.location?.settings.gzip && wantsGzip(this.header('accept-encoding'), message)) {
      gzipAnswer(message, answer).then(
        (compressed) => this.send(compressed),
        (error: unknown) => {
          this.door.server.noteFault(this.route, error);
          this.send(answer);
        },
      );
    } else this.send(answer);
  }

  end(reason: PollEnd, cause?: unknown): void {
    if (cause !== undefined) this.door.server.noteFault(this.route, cause);
    this.answer(this.parkedIn?.endAnswer?.(reason) ?? pollEndAnswer(reason));
  }

  fail(error: unknown): void {
    this.answer(this.door.server.failure(this.route, error));
  }

  get isWaiting(): boolean {
    return this.parkedIn !== undefined && !this.isAnswered;
  }

  giveWay(): void {
    this.parkedIn?.leave(this);
    this.end('stopping');
  }

  expire(): void {
    if (this.isAnswered) return this.sendingStalled();
    this.parkedIn?.leave(this);
    this.end('timeout');
  }

  /** Tells a client that waits for it (`Expect: 100-continue`) to send its body. */
  askForBody(): void {
    if (this.request.headers.expect !== undefined && this.request.httpVersion === '1.1') this.response.writeContinue();
  }

  /** Answers a request whose body will not be read; the connection ends once the client has taken the answer. */
  refuseBody(answer: Answer): void {
    if (!this.begin(answer.status)) return;
    refuseRequest(this.request, this.response, answer, this.door.now());
    this.watchSending();
  }

  /** The client is gone, or has its answer. */
  private leave(): void {
    this.isAnswered = true;
    this.parkedIn?.leave(this);
    this.door.wheel.disarm(this);
    endDevicePoll(this, undefined);
  }

  /** True once: for whoever answers first. */
  private begin(status: number): boolean {
    if (this.isAnswered) return false;
    this.isAnswered = true;
    this.door.wheel.disarm(this);
    endDevicePoll(this, status);
    return true;
  }

  /** "finish" comes also when the socket was destroyed with bytes still in it. */
  private tellSent(sent: SentListener): void {
    let isSent = false;
    this.response.once('finish', () => {
      isSent = !this.socket.destroyed;
    });
    this.response.once('close', () => sent(isSent));
  }

  private send(answer: Answer, sent?: SentListener): void {
    if (this.response.destroyed) return sent?.(false);
    if (sent) this.tellSent(sent);
    writeAnswerHead(this.response, this.door.isStopping ? { ...answer, close: true } : answer, this.door.now());
    this.response.end(answer.body);
    this.watchSending();
  }

  /** A client that takes nothing of its answer must not hold it for ever. */
  private watchSending(): void {
    this.unsent = sendingMark(this.socket);
    if (this.unsent > 0) this.door.wheel.arm(this, this.door.sendTimeoutMs);
  }

  private sendingStalled(): void {
    const before = this.unsent;
    this.watchSending();
    if (this.unsent === before) this.socket.destroy();
  }
}
