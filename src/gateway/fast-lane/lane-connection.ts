import type { Socket } from 'node:net';
import type { Channel } from '../../channels/channel.js';
import type { Deadlined } from '../../channels/deadline-wheel.js';
import type { PollEnd } from '../../channels/parked-polls.js';
import type { TrackedDevice } from '../../devices/tracked-device.js';
import type { StoredMessage } from '../../engine/message-log.js';
import type { Location, RequestFacts } from '../../locations/location.js';
import { textAnswer } from '../answers.js';
import { type Answer, type Exchange, endDevicePoll } from '../exchange.js';
import { queryOf, type Route } from '../route.js';
import { messageHeaders, noteReceived, pollEndAnswer } from '../subscriber/push-subscriber.js';
import type { Rendered } from './answer-text.js';
import type { Lane, LaneMember } from './lane.js';
import { BODY_MISSING, HEAD_MISSING, LaneRequest, UNFIT } from './lane-request.js';

const NOTHING = Buffer.alloc(0);
/** How long a connection that we end may take to be closed by the client as well. */
const LINGER_MS = 2_000;

type Phase =
  /** between requests: no byte of the next one is here */
  | 'idle'
  /** part of a head is here */
  | 'head'
  /** a head and part of its body are here */
  | 'body'
  /** a request is being answered; a parked poll stays here */
  | 'serving'
  /** our last answer is out; what the client still sends is thrown away */
  | 'ending'
  /** belongs to Node's parser now, or is gone */
  | 'over';

/**
 * One connection in the fast lane, and at the same time the exchange of its current request: a parked poll is this object
 * and its socket, nothing else. Requests are served one after the other; what comes behind one under way waits, bounded.
 */
export class LaneConnection implements Exchange, RequestFacts, Deadlined, LaneMember {
  parkIndex = -1;
  dueAt = 0;
  wheelSlot = -1;
  wheelIndex = 0;
  parkedIn: Channel | undefined;
  device: TrackedDevice | undefined = undefined;
  isAnswered = true;
  private phase: Phase = 'idle';
  private readonly request = new LaneRequest();
  /** bytes of the connection that no request has taken yet */
  private rest: Buffer = NOTHING;
  /** the client has ended its side */
  private hasEnded = false;

  constructor(
    private readonly lane: Lane,
    private readonly socket: Socket,
  ) {
    lane.wheel.arm(this, lane.limits.headTimeoutMs);
  }

  // --- the request, as those who serve it see it

  get method(): string {
    return this.request.method;
  }

  get body(): Buffer {
    return this.request.body;
  }

  get location(): Location | undefined {
    const { route } = this.request;
    return route?.kind === 'location' ? route.location : undefined;
  }

  get query(): string {
    return queryOf(this.request.target);
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

  answer(answer: Answer): void {
    if (this.isAnswered) return;
    endDevicePoll(this, answer.status);
    const keepAlive = this.staysOpen(answer);
    this.send(this.lane.text.answer(answer, keepAlive), keepAlive);
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
    this.answer(pollEndAnswer(reason));
  }

  fail(error: unknown): void {
    this.answer(this.lane.server.failure(this.request.route, error));
  }

  // --- the connection, as its socket and the lane see it

  /** @param bytes the lane's shared buffer; only the first `count` bytes are this connection's, and only now */
  receive(bytes: Buffer, count: number): void {
    if (this.phase === 'ending' || this.phase === 'over') return;
    if (this.phase === 'serving') return this.keepBehind(bytes.subarray(0, count));
    if (this.rest.length === 0) return this.consume(bytes, count);
    const all = Buffer.concat([this.rest, bytes.subarray(0, count)]);
    this.rest = NOTHING;
    this.consume(all, all.length);
  }

  /** The client has ended its side: who waits is gone; an answer that is still being made is sent. */
  clientEnded(): void {
    this.hasEnded = true;
    const isWaiting = this.phase === 'serving' && this.parkedIn !== undefined && !this.isAnswered;
    if (this.phase === 'serving' && !isWaiting) return;
    this.close();
  }

  get isServing(): boolean {
    return this.phase === 'serving';
  }

  closeWhenIdle(): void {
    if (this.phase !== 'serving' && this.phase !== 'ending') this.close();
  }

  /** Leaves whatever it waits for and closes the socket. */
  close(): void {
    this.leave();
    this.socket.destroySoon();
  }

  destroy(): void {
    this.leave();
    this.socket.destroy();
  }

  /** The socket is gone. */
  leave(): void {
    if (this.phase === 'over') return;
    this.phase = 'over';
    this.isAnswered = true;
    this.parkedIn?.polls.leave(this);
    this.parkedIn = undefined;
    endDevicePoll(this, undefined);
    this.rest = NOTHING;
    this.lane.wheel.disarm(this);
    this.lane.forget(this);
  }

  expire(): void {
    switch (this.phase) {
      case 'serving':
        this.parkedIn?.polls.leave(this);
        return this.end('timeout');
      case 'head':
      case 'body':
        this.isAnswered = false;
        return this.answer({
          ...textAnswer(408, 'The request was not complete in time; send it again.\n'),
          close: true,
        });
      default:
        this.close();
    }
  }

  // --- reading requests

  /** Serves the requests in `bytes`; what stays is kept. */
  private consume(bytes: Buffer, end: number): void {
    let start = 0;
    while (start < end && this.phase !== 'serving') {
      const used = this.request.take(bytes, start, end, this.lane, this);
      if (used === UNFIT) return this.handOver(bytes, start, end);
      if (used === HEAD_MISSING) this.waitFor('head', this.lane.limits.headTimeoutMs);
      if (used === BODY_MISSING) this.waitFor('body', this.lane.limits.bodyTimeoutMs);
      if (used <= 0) break;
      this.serve();
      if (this.phase === 'over' || this.phase === 'ending') return;
      start += used;
    }
    if (start < end) this.rest = Buffer.from(bytes.subarray(start, end));
  }

  private serve(): void {
    this.phase = 'serving';
    this.isAnswered = false;
    this.lane.wheel.disarm(this);
    this.lane.served++;
    this.lane.server.serve(this.request.route as Route, this);
    if (this.isAnswered) return;
    this.request.releaseBody();
    // A parked poll may wait for hours; its headers have been read.
    if (this.parkIndex >= 0) this.request.release();
  }

  /** The time for a head, and for a body, begins with its first byte; further bytes do not put it off. */
  private waitFor(part: 'head' | 'body', timeoutMs: number): void {
    if (this.phase === part) return;
    this.phase = part;
    this.lane.wheel.arm(this, timeoutMs);
  }

  private keepBehind(bytes: Buffer): void {
    this.rest = Buffer.concat([this.rest, bytes]);
    if (this.rest.length <= this.lane.limits.maxPipelinedBytes) return;
    this.rest = NOTHING;
    // A poll can be asked for again, so it ends here; any other request gets its own answer first.
    if (this.parkedIn) {
      this.parkedIn.polls.leave(this);
      this.end('stopping');
    } else this.hasEnded = true;
  }

  private handOver(bytes: Buffer, start: number, end: number): void {
    const taken = Buffer.from(bytes.subarray(start, end));
    this.leave();
    this.lane.handOver(this.socket, taken);
  }

  // --- answering

  private staysOpen(answer?: Answer): boolean {
    return this.request.keepAlive && !answer?.close && !this.hasEnded && !this.lane.isStopping;
  }

  private send({ text, body }: Rendered, keepAlive: boolean): void {
    this.isAnswered = true;
    this.request.releaseBody();
    const { socket } = this;
    if (body) socket.cork();
    socket.write(text, 'latin1');
    if (body) {
      socket.write(body);
      socket.uncork();
    }
    if (!keepAlive) return this.finish();
    if (socket.writableLength > this.lane.limits.maxUnsentBytes) return this.close();
    this.lane.wheel.arm(this, this.lane.limits.keepAliveTimeoutMs);
    this.phase = 'idle';
    this.parkedIn = undefined;
    if (this.rest.length > 0) this.lane.resumeSoon(this);
  }

  resume(): void {
    if (this.phase !== 'idle' || this.rest.length === 0) return;
    const { rest } = this;
    this.rest = NOTHING;
    this.consume(rest, rest.length);
  }

  private finish(): void {
    this.parkedIn = undefined;
    if (this.hasEnded) return this.close();
    this.phase = 'ending';
    this.rest = NOTHING;
    this.socket.end();
    this.lane.wheel.arm(this, LINGER_MS);
  }
}
