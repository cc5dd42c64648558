import type { Socket } from 'node:net';
import { notHttp, requestTimeout } from '../answers.js';
import { type Answer, endDevicePoll, type Parking, type SentListener } from '../exchange.js';
import type { Route } from '../route.js';
import { sendingMark } from '../sending-mark.js';
import type { Rendered } from './answer-text.js';
import type { Lane, LaneMember } from './lane.js';
import { LaneExchange } from './lane-exchange.js';
import { BODY_MISSING, HEAD_MISSING, UNFIT } from './lane-request.js';

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
  /** the client has not taken our answer; nothing is read until it has */
  | 'sending'
  /** our last answer is out; what the client still sends is thrown away */
  | 'ending'
  /** belongs to Node's parser now, or is gone */
  | 'over';

/**
 * One connection in the fast lane, and at the same time the exchange of its current request: a parked poll is this object
 * and its socket, nothing else. Requests are served one after the other; what comes behind one under way waits, bounded.
 */
export class LaneConnection extends LaneExchange implements LaneMember {
  private phase: Phase = 'idle';
  /** bytes of the connection that no request has taken yet */
  private rest: Buffer = NOTHING;
  /** the client has ended its side */
  private hasEnded = false;
  /** the mark of what the client has to take, when it was looked at last */
  private unsent = 0;

  constructor(lane: Lane, socket: Socket) {
    super(lane, socket);
    lane.wheel.arm(this, lane.limits.headTimeoutMs);
  }

  /** @param bytes the lane's shared buffer; only the first `count` bytes are this connection's, and only now */
  receive(bytes: Buffer, count: number): void {
    const { clock } = this.lane;
    clock.hold?.();
    try {
      this.take(bytes, count);
    } finally {
      clock.release?.();
    }
  }

  private take(bytes: Buffer, count: number): void {
    if (this.phase === 'ending' || this.phase === 'over') return;
    if (this.phase === 'serving') return this.keep(bytes.subarray(0, count));
    if (this.rest.length === 0) return this.consume(bytes, count);
    const all = Buffer.concat([this.rest, bytes.subarray(0, count)]);
    this.rest = NOTHING;
    this.consume(all, all.length);
  }

  /** The client has ended its side. It still takes the answers to what it asked; who waits for a message is gone. */
  clientEnded(): void {
    this.hasEnded = true;
    switch (this.phase) {
      case 'serving':
        if (this.parkedIn && !this.isAnswered) this.destroy();
        return;
      case 'head':
      case 'body':
        return this.refuse(notHttp);
      case 'idle':
        if (this.rest.length === 0) this.finish();
    }
  }

  get isServing(): boolean {
    const { phase } = this;
    return phase === 'serving' || phase === 'body' || this.socket.writableLength > 0;
  }

  closeWhenIdle(): void {
    if (this.phase === 'idle') this.finish();
  }

  destroy(): void {
    this.leave();
    this.socket.destroy();
  }

  /** The socket is gone, or another's. */
  leave(): void {
    if (this.phase === 'over') return;
    this.phase = 'over';
    this.isAnswered = true;
    this.parkedIn?.leave(this);
    this.parkedIn = undefined;
    endDevicePoll(this, undefined);
    this.rest = NOTHING;
    this.lane.wheel.disarm(this);
    this.lane.forget(this);
  }

  expire(): void {
    switch (this.phase) {
      case 'serving':
        this.parkedIn?.leave(this);
        return this.end('timeout');
      case 'head':
      case 'body':
        return this.refuse(requestTimeout);
      case 'idle':
        return this.socket.writableLength > 0 ? this.checkSending() : this.finish();
      default:
        this.checkSending();
    }
  }

  /** The client has taken what was sent. */
  drained(): void {
    if (this.phase !== 'sending') return;
    this.socket.resume();
    this.becomeIdle();
  }

  // --- reading requests

  /** Serves the requests in `bytes`; what stays is kept. */
  private consume(bytes: Buffer, end: number): void {
    let start = 0;
    while (start < end && this.phase !== 'serving' && this.phase !== 'sending') {
      const used = this.request.take(bytes, start, end, this.lane, this);
      if (used === UNFIT) return this.handOver(bytes, start, end);
      if (used === HEAD_MISSING) this.waitFor('head', this.lane.limits.headTimeoutMs);
      if (used === BODY_MISSING) this.waitFor('body', this.lane.limits.bodyTimeoutMs);
      if (used <= 0) break;
      this.serve();
      if (this.phase === 'over' || this.phase === 'ending') return;
      start += used;
    }
    if (start < end) this.keep(bytes.subarray(start, end));
  }

  private serve(): void {
    this.phase = 'serving';
    this.isAnswered = false;
    this.lane.wheel.suspend(this);
    this.lane.served++;
    this.lane.server.serve(this.request.route as Route, this);
    if (this.isAnswered) return;
    this.request.releaseBody();
    // Nobody will end a poll that comes while the others are being ended.
    if (this.parkedIn && this.lane.isStopping) this.giveWay(this.parkedIn);
    // A parked poll may wait for hours; its headers have been read.
    else if (this.parkIndex >= 0 || this.parkedIn?.hasReadHead) this.request.release();
  }

  /** The time for a head, and for a body, begins with its first byte; further bytes do not put it off. */
  private waitFor(part: 'head' | 'body', timeoutMs: number): void {
    if (this.phase === part) return;
    this.phase = part;
    this.lane.wheel.arm(this, timeoutMs);
  }

  /** Keeps what no request has taken yet, bounded while one is under way. */
  private keep(bytes: Buffer): void {
    this.rest = Buffer.concat([this.rest, bytes]);
    if (this.phase !== 'serving' || this.rest.length <= this.lane.limits.maxPipelinedBytes) return;
    this.rest = NOTHING;
    // A poll can be asked for again, so it ends here; any other request gets its own answer first.
    if (this.parkedIn) this.giveWay(this.parkedIn);
    else this.request.keepAlive = false;
  }

  private giveWay(parking: Parking): void {
    parking.leave(this);
    this.end('stopping');
  }

  private handOver(bytes: Buffer, start: number, end: number): void {
    // Node cannot take a socket that has told its end; the client is left to see that its last request has no answer.
    if (this.hasEnded) return this.finish();
    const taken = Buffer.from(bytes.subarray(start, end));
    this.leave();
    this.lane.handOver(this.socket, taken);
  }

  // --- answering

  protected send({ text, body }: Rendered, keepAlive: boolean, sent?: SentListener): void {
    this.isAnswered = true;
    this.parkedIn = undefined;
    this.unsent = 0;
    this.request.releaseBody();
    const { socket } = this;
    // A write that a destroyed socket gave up comes back without an error.
    const written = sent && ((error?: Error | null) => sent(!error && !socket.destroyed));
    if (body) {
      socket.cork();
      socket.write(text, 'latin1');
      socket.write(body, written);
      socket.uncork();
    } else socket.write(text, 'latin1', written);
    if (!keepAlive) this.finish();
    else if (socket.writableLength < socket.writableHighWaterMark) this.becomeIdle();
    else this.waitUntilTaken();
  }

  private becomeIdle(): void {
    this.phase = 'idle';
    this.lane.wheel.arm(this, this.lane.limits.keepAliveTimeoutMs);
    if (this.rest.length > 0 || this.hasEnded) this.lane.resumeSoon(this);
  }

  resume(): void {
    if (this.phase !== 'idle') return;
    const { rest } = this;
    this.rest = NOTHING;
    this.consume(rest, rest.length);
    if (this.hasEnded) this.clientEnded();
  }

  /** Answers a request that did not come whole. */
  private refuse(answer: Answer): void {
    this.isAnswered = false;
    this.answer({ ...answer, close: true });
  }

  /** A client that asks and does not read must not make us hold more than one answer: its next request waits. */
  private waitUntilTaken(): void {
    this.phase = 'sending';
    this.socket.pause();
    this.lane.onceDrained(this.socket);
    this.watchSending();
  }

  /** Ends our side; the client may take what is on its way, and end its own. */
  private finish(): void {
    this.phase = 'ending';
    this.rest = NOTHING;
    this.socket.end();
    this.watchSending();
  }

  private watchSending(): void {
    this.unsent = sendingMark(this.socket);
    this.lane.wheel.arm(this, this.unsent === 0 ? LINGER_MS : this.lane.limits.sendTimeoutMs);
  }

  /** Cuts the connection when the client has taken nothing since it was looked at last, or has taken all and stays. */
  private checkSending(): void {
    const before = this.unsent;
    this.watchSending();
    if (this.unsent === before) this.destroy();
  }
}
