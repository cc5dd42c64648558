import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { headBytes } from './head-bytes.js';
import { breakBody, readEarly } from './read-body.js';

/** The request under way, as far as what waits behind it is concerned. */
export interface UnderWay {
  /** it is a poll that waits for a message */
  readonly isWaiting: boolean;
  /** Ends the poll, and the connection with it, so that the client can say what it has to say on another one. */
  giveWay(): void;
}

interface Waiting {
  /** of its head and of its body as far as it is here */
  bytes: number;
  begin: (() => void) | undefined;
}

interface PipelinedSocket extends Socket {
  pipeline?: Pipeline;
}

/**
 * The requests of one connection, begun one after the other. Node begins pipelined requests at once and only orders their
 * answers: behind a parked poll that would run a request long before its client may expect it to. What waits is bounded,
 * and a connection that is refused is told so behind the answers to what came before.
 */
export class Pipeline {
  private readonly waiting: Waiting[] = [];
  private bytes = 0;
  private response: ServerResponse | undefined;
  /** the request that was read last */
  private last: IncomingMessage | undefined;
  private hasEnded = false;
  private exchange: UnderWay | undefined;
  /** what the connection is told last; nothing is taken from it any more */
  private farewell: (() => void) | undefined;

  private constructor(
    private readonly socket: PipelinedSocket,
    private readonly maxBytes: number,
  ) {
    socket.on('end', () => this.clientEnded());
  }

  /** The pipeline of a connection. @param maxBytes what may wait, when this call is the first for the connection */
  static of(socket: Socket, maxBytes = 0): Pipeline {
    const pipelined: PipelinedSocket = socket;
    pipelined.pipeline ??= new Pipeline(pipelined, maxBytes);
    return pipelined.pipeline;
  }

  /** @param begin called when all requests before it are answered; not at all when the connection ends before */
  add(request: IncomingMessage, response: ServerResponse, begin: () => void): void {
    if (this.farewell || this.isEnding) return;
    this.last = request;
    if (!this.response) return this.begin(response, begin);
    const waiting: Waiting = { bytes: 0, begin: () => this.begin(response, begin) };
    this.waiting.push(waiting);
    this.note(waiting, headBytes(request));
    readEarly(request, (bytes) => this.note(waiting, bytes));
  }

  /** Tells who serves the request under way, once it is answered or waits. */
  serving(exchange: UnderWay): void {
    this.exchange = exchange;
    if (this.hasEnded) this.clientEnded();
  }

  /** Takes nothing more, and answers this request by `farewell`, which ends the connection. */
  refuse(request: IncomingMessage, farewell: () => void): void {
    if (this.farewell || this.isEnding) return;
    this.end(farewell);
    this.last = request;
    // Nobody will read its body; a connection that is not read does not tell that its client has left.
    request.resume();
  }

  /** Ends the connection by `farewell` once everything before is answered. Only the first call counts. */
  end(farewell: () => void): void {
    const isInBody = this.last?.complete === false;
    // What could not be read was a body. Its request may be answered for its head alone; who reads the body gives it up.
    if (this.last && isInBody) breakBody(this.last);
    if (this.farewell || this.isEnding) return;
    this.farewell = farewell;
    if (!isInBody && !this.response) farewell();
  }

  /** Gives up the request under way, whose body could not be read: the farewell is its answer. */
  giveUp(): void {
    if (this.farewell) this.farewell();
    else this.socket.destroy();
  }

  /** An answer that ended the connection was the last one, whatever came behind its request. */
  private get isEnding(): boolean {
    return this.socket.destroyed || this.socket.writableEnded;
  }

  private begin(response: ServerResponse, begin: () => void): void {
    this.response = response;
    response.once('close', () => this.next());
    begin();
  }

  private next(): void {
    this.response = undefined;
    this.exchange = undefined;
    if (this.isEnding) return;
    const next = this.waiting.shift();
    if (!next) return this.farewell?.();
    this.bytes -= next.bytes;
    const { begin } = next;
    next.begin = undefined;
    begin?.();
  }

  private note(waiting: Waiting, bytes: number): void {
    if (!waiting.begin || this.socket.destroyed) return;
    waiting.bytes += bytes;
    this.bytes += bytes;
    if (this.bytes > this.maxBytes) this.overfull();
  }

  /** A poll can be asked for again, so it ends here; any other request gets its answer first. */
  private overfull(): void {
    for (const waiting of this.waiting.splice(0)) waiting.begin = undefined;
    this.end(() => this.socket.destroySoon());
    if (this.exchange?.isWaiting) this.exchange.giveWay();
    else if (this.response) this.response.shouldKeepAlive = false;
  }

  /** A client that has ended its side still takes the answers to what it asked; who waits for a message is gone. */
  private clientEnded(): void {
    this.hasEnded = true;
    if (this.exchange?.isWaiting) this.socket.destroy();
  }
}
