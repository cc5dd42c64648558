import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Channel } from '../../channels/channel.js';
import type { Deadlined, DeadlineWheel } from '../../channels/deadline-wheel.js';
import type { PollEnd } from '../../channels/parked-polls.js';
import type { TrackedDevice } from '../../devices/tracked-device.js';
import type { StoredMessage } from '../../engine/message-log.js';
import type { Location, RequestFacts } from '../../locations/location.js';
import { type Answer, type Exchange, endDevicePoll } from '../exchange.js';
import { httpDate } from '../http-date.js';
import type { RequestServer } from '../request-server.js';
import { queryOf, type Route } from '../route.js';
import { gzipAnswer, wantsGzip } from '../subscriber/gzip.js';
import { messageHeaders, noteReceived, pollEndAnswer } from '../subscriber/push-subscriber.js';

/** What the exchanges of the Fastify door share. */
export interface HttpDoor {
  readonly server: RequestServer;
  readonly wheel: DeadlineWheel;
  readonly isStopping: boolean;
  /** unix ms */
  now(): number;
}

const NOTHING = Buffer.alloc(0);

/** A request as Node's parser read it; the counterpart of the fast lane's connection. */
export class HttpExchange implements Exchange, RequestFacts, Deadlined {
  parkIndex = -1;
  dueAt = 0;
  wheelSlot = -1;
  wheelIndex = 0;
  parkedIn: Channel | undefined;
  device: TrackedDevice | undefined = undefined;
  body: Buffer = NOTHING;
  isAnswered = false;
  route: Route | undefined;

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

  get location(): Location | undefined {
    return this.route?.kind === 'location' ? this.route.location : undefined;
  }

  get query(): string {
    return queryOf(this.target);
  }

  get remoteAddress(): string {
    return this.request.socket.remoteAddress ?? '';
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

  answer(answer: Answer): void {
    if (!this.begin(answer.status)) return;
    this.send(answer);
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
    this.answer(pollEndAnswer(reason));
  }

  fail(error: unknown): void {
    this.answer(this.door.server.failure(this.route, error));
  }

  expire(): void {
    this.parkedIn?.polls.leave(this);
    this.end('timeout');
  }

  /** Tells a client that waits for it (`Expect: 100-continue`) to send its body. */
  askForBody(): void {
    if (this.request.headers.expect !== undefined) this.response.writeContinue();
  }

  /** Answers a request whose body will not be read; the connection ends once the client has taken the answer. */
  refuseBody(answer: Answer): void {
    if (!this.begin(answer.status)) return;
    this.writeHead({ ...answer, close: true });
    this.response.write(answer.body);
    drain(this.request, () => this.response.end());
  }

  /** The client is gone, or has its answer. */
  private leave(): void {
    this.isAnswered = true;
    this.parkedIn?.polls.leave(this);
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

  private send(answer: Answer): void {
    if (this.response.destroyed) return;
    this.writeHead(answer);
    this.response.end(answer.body);
  }

  private writeHead(answer: Answer): void {
    writeAnswerHead(this.response, this.door.isStopping ? { ...answer, close: true } : answer, this.door.now());
  }
}

/** Writes an answer's status and header lines, those that a door adds with them. @param now unix ms */
export function writeAnswerHead(response: ServerResponse, { status, headers, body, close }: Answer, now: number): void {
  response.sendDate = false;
  const lines = ['Server', 'signalbox', 'Date', httpDate(Math.floor(now / 1000))];
  for (const [name, value] of headers) lines.push(name, value);
  if (status !== 204) lines.push('Content-Length', String(Buffer.byteLength(body)));
  lines.push('Connection', response.shouldKeepAlive && !close ? 'keep-alive' : 'close');
  response.writeHead(status, lines);
}

const MAX_DRAINED_BYTES = 8 * 1024 * 1024;
const DRAIN_MS = 2_000;

/**
 * Reads and drops what the client is still sending, up to a bound: a connection closed over unread bytes is reset, and
 * the reset can overtake the answer.
 */
function drain(request: IncomingMessage, done: () => void): void {
  let drained = 0;
  let isDone = false;
  const finish = () => {
    if (isDone) return;
    isDone = true;
    clearTimeout(timer);
    done();
  };
  const timer = setTimeout(finish, DRAIN_MS);
  request.on('data', (chunk: Buffer) => {
    drained += chunk.length;
    if (drained > MAX_DRAINED_BYTES) finish();
  });
  request.once('end', finish).once('error', finish).once('close', finish);
}
