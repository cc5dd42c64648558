import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../../channels/clock.js';
import { DeadlineWheel } from '../../channels/deadline-wheel.js';
import { HubError } from '../../channels/hub-error.js';
import { sentenceAnswer } from '../answers.js';
import type { Answer } from '../exchange.js';
import type { RequestServer } from '../request-server.js';
import type { Route } from '../route.js';
import type { BodyBudget } from './body-budget.js';
import { HttpExchange } from './http-exchange.js';
import { Pipeline } from './pipeline.js';
import { type BodyRefusal, readBody } from './read-body.js';

/** Serves requests that Node's parser has read, by the same functions as the fast lane. */
export class FastifyDoor {
  readonly wheel: DeadlineWheel;
  isStopping = false;
  private underWay = 0;
  private readonly stopTurning: () => void;

  constructor(
    readonly server: RequestServer,
    private readonly clock: Clock,
    readonly sendTimeoutMs: number,
    private readonly bodies: BodyBudget,
  ) {
    this.wheel = new DeadlineWheel(() => clock.uptime());
    this.stopTurning = clock.every(1000, () => this.wheel.turn());
  }

  now(): number {
    return this.clock.now();
  }

  /** @param target the request target as sent; Fastify may have rewritten the request's own */
  serve(request: IncomingMessage, response: ServerResponse, target: string): void {
    const exchange = new HttpExchange(this, request, response, target);
    this.underWay++;
    response.once('close', () => this.underWay--);
    this.begin(exchange, request);
  }

  /** bytes of bodies that are being received */
  get receivingBytes(): number {
    return this.bodies.held;
  }

  /** True while a request is under way. */
  get isServing(): boolean {
    return this.underWay > 0;
  }

  close(): void {
    this.stopTurning();
  }

  private begin(exchange: HttpExchange, request: IncomingMessage): void {
    const route = this.server.find(exchange.target, exchange);
    exchange.route = route;
    if (hasBody(request)) return this.serveWithBody(exchange, request, route);
    if (route) this.answer(route, exchange);
    else exchange.answer(this.server.notFound(exchange.target));
  }

  private answer(route: Route, exchange: HttpExchange): void {
    this.server.serve(route, exchange);
    Pipeline.of(exchange.socket).serving(exchange);
    // Nobody will end a poll that comes while the others are being ended.
    if (this.isStopping && exchange.isWaiting) exchange.giveWay();
  }

  private serveWithBody(exchange: HttpExchange, request: IncomingMessage, route: Route | undefined): void {
    if (!route) return exchange.refuseBody(this.server.notFound(exchange.target));
    const maxBytes = this.server.maxBodyBytes(route);
    const refuse = (why: BodyRefusal) =>
      exchange.refuseBody(why === 'too_large' ? tooLarge(request, maxBytes) : this.noRoom(route));
    if (lengthOf(request) > maxBytes) return refuse('too_large');
    exchange.askForBody();
    readBody(request, maxBytes, this.bodies).then(
      (body) => {
        if (typeof body === 'string') return refuse(body);
        exchange.body = body;
        this.answer(route, exchange);
      },
      () => Pipeline.of(request.socket).giveUp(),
    );
  }

  /** The operator is told as well: it is the hub that has no room. */
  private noRoom(route: Route): Answer {
    const { held, maxBytes } = this.bodies;
    return this.server.failure(
      route,
      new HubError(
        'receiving_limit',
        `The hub is receiving bodies of ${held} bytes, and ${maxBytes} are allowed (limits.max_receiving_size). Nothing was ` +
          'stored; send it again.',
      ),
    );
  }
}

function hasBody(request: IncomingMessage): boolean {
  return request.headers['transfer-encoding'] !== undefined || lengthOf(request) > 0;
}

/** bytes as the head tells; 0 when it does not */
function lengthOf({ headers }: IncomingMessage): number {
  return Number(headers['content-length'] ?? 0);
}

function tooLarge({ headers }: IncomingMessage, maxBytes: number): Answer {
  const size = headers['content-length'];
  return sentenceAnswer(
    new HubError(
      'body_too_large',
      `The body has ${size ?? 'too many'} bytes; this URL takes ${maxBytes} at most (maxBodySize). Nothing was stored.`,
    ),
  );
}
