import type { Socket } from 'node:net';
import type { Channel } from '../../channels/channel.js';
import type { Deadlined } from '../../channels/deadline-wheel.js';
import type { PollEnd } from '../../channels/parked-polls.js';
import type { StoredMessage } from '../../engine/message-log.js';
import type { Location, RequestFacts } from '../../locations/location.js';
import { textAnswer } from '../answers.js';
import type { Answer, Exchange } from '../exchange.js';
import { isControllerPath, queryOf, type Route } from '../route.js';
import { messageHeaders, noteReceived, pollEndAnswer } from '../subscriber/push-subscriber.js';
import type { Rendered } from './answer-text.js';
import type { FastLane } from './fast-lane.js';
import { hasPlainPath, RequestHead } from './request-head.js';

const NOTHING = Buffer.alloc(0);
const HEAD_END = '\r\n\r\n';
/** A larger body is handed over: the lane is for small messages, and holds a body in one piece. */
export const MAX_LANE_BODY_BYTES = 64 * 1024;
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
export class LaneConnection implements Exchange, RequestFacts, Deadlined {
  parkIndex = -1;
  dueAt = 0;
  wheelSlot = -1;
  wheelIndex = 0;
  parkedIn: Channel | undefined;
  body: Buffer = NOTHING;
  isAnswered = true;
  private phase: Phase = 'idle';
  private readonly head = new RequestHead();
  /** bytes of the connection that no request has taken yet */
  private rest: Buffer = NOTHING;
  private route: Route | undefined;
  private routedTarget = '';
  /** the client has ended its side */
  private hasEnded = false;

  constructor(
    private readonly lane: FastLane,
    private readonly socket: Socket,
  ) {
    lane.wheel.arm(this, lane.limits.headTimeoutMs);
  }

  // --- the request, as those who serve it see it

  get method(): string {
    return this.head.method;
  }

  get location(): Location | undefined {
    return this.route?.kind === 'location' ? this.route.location : undefined;
  }

  get query(): string {
    return queryOf(this.head.target);
  }

  get remoteAddress(): string {
    return this.socket.remoteAddress ?? '';
  }

  header(name: string): string | undefined {
    return this.head.header(name);
  }

  armTimeout(timeoutMs: number): void {
    this.lane.wheel.arm(this, timeoutMs);
  }

  answer(answer: Answer): void {
    if (this.isAnswered) return;
    const keepAlive = this.staysOpen(answer);
    this.send(this.lane.text.answer(answer, keepAlive), keepAlive);
  }

  deliver(message: StoredMessage): void {
    if (this.isAnswered) return;
    noteReceived(this, message);
    if (this.staysOpen()) this.send(this.lane.text.message(message, this.location), true);
    else this.answer({ status: 200, headers: messageHeaders(message, this.location), body: message.body });
  }

  end(reason: PollEnd): void {
    this.answer(pollEndAnswer(reason));
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

  /** Ends the connection when nothing is under way on it; one that is serving ends with its answer. */
  closeWhenIdle(): void {
    if (this.phase !== 'serving' && this.phase !== 'ending') this.close();
  }

  /** Leaves whatever it waits for and closes the socket. */
  close(): void {
    this.leave();
    this.socket.destroySoon();
  }

  /** Closes at once, whatever is still unsent. */
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
      const used = this.takeRequest(bytes, start, end);
      if (this.phase === 'over' || this.phase === 'ending') return;
      if (used === 0) break;
      start += used;
    }
    if (start < end) this.rest = Buffer.from(bytes.subarray(start, end));
  }

  /** Takes one request off the front and serves it. Returns how many bytes it had; 0 when it is not complete. */
  private takeRequest(bytes: Buffer, start: number, end: number): number {
    const text = bytes.toString('latin1', start, Math.min(end, start + this.lane.limits.maxHeadBytes + 4));
    const headEnd = text.indexOf(HEAD_END);
    if (headEnd < 0) {
      if (text.length > this.lane.limits.maxHeadBytes || !mayFit(text)) return this.handOver(bytes, start, end);
      this.waitFor('head', this.lane.limits.headTimeoutMs);
      return 0;
    }
    if (!this.head.read(text.slice(0, headEnd + 2)) || !this.findRoute()) return this.handOver(bytes, start, end);
    const route = this.route as Route;
    const bodyStart = start + headEnd + HEAD_END.length;
    const bodyEnd = bodyStart + this.head.contentLength;
    if (this.head.contentLength > Math.min(MAX_LANE_BODY_BYTES, this.lane.server.maxBodyBytes(route))) {
      return this.handOver(bytes, start, end);
    }
    if (bodyEnd > end) {
      this.waitFor('body', this.lane.limits.bodyTimeoutMs);
      return 0;
    }
    this.body = this.head.contentLength === 0 ? NOTHING : copyOf(bytes, bodyStart, bodyEnd);
    this.serve(route);
    return bodyEnd - start;
  }

  private serve(route: Route): void {
    this.phase = 'serving';
    this.isAnswered = false;
    this.lane.wheel.disarm(this);
    this.lane.served++;
    this.lane.server.serve(route, this);
    if (this.isAnswered) return;
    this.body = NOTHING;
    // A parked poll may wait for hours; its headers have been read.
    if (this.parkIndex >= 0) this.head.release();
  }

  /** Finds what serves the target; a device polls the same one for ever, so it is remembered. */
  private findRoute(): boolean {
    const { target } = this.head;
    if (this.route && target === this.routedTarget) {
      this.head.target = this.routedTarget;
      return true;
    }
    this.route = undefined;
    this.routedTarget = '';
    if (!hasPlainPath(target) || isControllerPath(target)) return false;
    // A copy of its own: a slice would keep the text of the whole read alive.
    const owned = Buffer.from(target, 'latin1').toString('latin1');
    this.head.target = owned;
    const route = this.lane.server.find(owned, this);
    if (!route || !this.lane.serves(route)) return false;
    this.route = route;
    if (route.kind !== 'location' || route.followsUrl) this.routedTarget = owned;
    return true;
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

  private handOver(bytes: Buffer, start: number, end: number): 0 {
    const taken = Buffer.from(bytes.subarray(start, end));
    this.leave();
    this.lane.handOver(this.socket, taken);
    return 0;
  }

  // --- answering

  private staysOpen(answer?: Answer): boolean {
    return this.head.keepAlive && !answer?.close && !this.hasEnded && !this.lane.isStopping;
  }

  private send({ text, body }: Rendered, keepAlive: boolean): void {
    this.isAnswered = true;
    this.body = NOTHING;
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

  /** Serves what came while the last request was under way. */
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

function copyOf(bytes: Buffer, start: number, end: number): Buffer {
  const copy = Buffer.allocUnsafe(end - start);
  bytes.copy(copy, 0, start, end);
  return copy;
}

/** False when the bytes so far can not become a request of the lane's shape, so that waiting for more is no use. */
function mayFit(text: string): boolean {
  const first = text.length < 6 ? text : text.slice(0, 6);
  return 'GET /'.startsWith(first.slice(0, 5)) || 'POST /'.startsWith(first);
}
