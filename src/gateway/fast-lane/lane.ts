import type { Socket } from 'node:net';
import type { Clock } from '../../channels/clock.js';
import type { DeadlineWheel } from '../../channels/deadline-wheel.js';
import type { RequestFacts } from '../../locations/location.js';
import type { Answer, Exchange } from '../exchange.js';
import type { Route } from '../route.js';
import type { AnswerText } from './answer-text.js';

export interface LaneLimits {
  /** bytes of a request head */
  readonly maxHeadBytes: number;
  /** ms for a head, from its first byte or the connection's beginning */
  readonly headTimeoutMs: number;
  /** ms for a body, from the end of its head */
  readonly bodyTimeoutMs: number;
  /** ms that a connection may stay without a request */
  readonly keepAliveTimeoutMs: number;
  /** bytes behind a request under way */
  readonly maxPipelinedBytes: number;
  /** ms that a client may take nothing of its answer */
  readonly sendTimeoutMs: number;
}

/** What finds and serves requests, as the lane sees it. */
export interface LaneServer {
  find(target: string, facts: RequestFacts): Route | undefined;
  maxBodyBytes(route: Route): number;
  serve(route: Route, exchange: Exchange): void;
  /** The answer to a request that failed, which is logged when the fault is the hub's. */
  failure(route: Route | undefined, error: unknown): Answer;
  /** Logs what went wrong with a request that is not told of it. */
  noteFault(route: Route | undefined, error: unknown): void;
}

/** A connection, as its lane sees it. */
export interface LaneMember {
  /** a request is under way on it, or its answer */
  readonly isServing: boolean;
  /** Serves what came while the last request was under way. */
  resume(): void;
  /** Ends the connection when nothing of a request is here; any other ends with its answer. */
  closeWhenIdle(): void;
  /** Closes at once, whatever is still unsent. */
  destroy(): void;
}

/** What a connection needs of the lane that it is in. */
export interface Lane {
  readonly limits: LaneLimits;
  readonly server: LaneServer;
  readonly clock: Pick<Clock, 'hold' | 'release'>;
  readonly wheel: DeadlineWheel;
  readonly text: AnswerText;
  readonly isStopping: boolean;
  /** requests served here */
  served: number;
  /** True for what the lane may serve. */
  serves(route: Route): boolean;
  /** Gives a connection away; the lane never sees it again. */
  handOver(socket: Socket, taken: Buffer): void;
  /** Tells the connection of this socket once its client has taken what was sent. */
  onceDrained(socket: Socket): void;
  forget(connection: LaneMember): void;
  /** Lets a connection go on with requests that came behind an answered one, once what is being done is done. */
  resumeSoon(connection: LaneMember): void;
}
