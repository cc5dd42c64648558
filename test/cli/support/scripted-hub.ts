import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a server does with one request: answers, cuts the connection, or leaves the request open. */
export type Act = ScriptedAnswer | 'cut' | 'silence';

/** A server that does with each request what the script says next; past the script's end it leaves requests open. */
export class ScriptedHub {
  readonly requests: IncomingMessage[] = [];
  private readonly server = createServer((request, response) => this.play(request, response));

  constructor(private readonly script: Act[]) {}

  /** Listens on a port that the system chooses. */
  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Waits for the next request. */
  async asked(): Promise<void> {
    await once(this.server, 'request');
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private play(request: IncomingMessage, response: ServerResponse): void {
    this.requests.push(request);
    const act = this.script.shift() ?? 'silence';
    if (act === 'cut') request.socket.destroy();
    else if (act !== 'silence') response.writeHead(act.status, act.headers).end(act.body);
  }
}

/** An answer with a message of the given position. */
export function message(second: number, tag: number, body: string): ScriptedAnswer {
  const headers = { 'Last-Modified': new Date(second * 1000).toUTCString(), Etag: String(tag) };
  return { status: 200, headers: { ...headers, 'Content-Type': 'text/plain' }, body };
}
