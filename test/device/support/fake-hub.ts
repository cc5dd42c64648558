import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { eventually } from '../../support/eventually.js';

export interface AskedOfHub {
  /** `GET /v1/devices/fan/commands?wait=55` */
  readonly line: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What it does with one request: answers, cuts the connection, or leaves the request open. */
export type Deed = { status: number; headers?: Record<string, string>; body?: unknown } | 'cut' | 'silence';

/** A hub whose answers a test gives, in turn; past them it leaves requests open. Polls and posts have turns of their own. */
export class FakeHub {
  readonly asked: AskedOfHub[] = [];
  url = '';
  private readonly server = createServer((request, response) => void this.serve(request, response));

  private constructor(
    private readonly polls: Deed[],
    private readonly posts: Deed[],
  ) {}

  /** @param polls what GETs get @param posts what POSTs get */
  static async open({ polls = [], posts = [] }: { polls?: Deed[]; posts?: Deed[] }): Promise<FakeHub> {
    const hub = new FakeHub(polls, posts);
    await new Promise<void>((resolve) => hub.server.listen(0, '127.0.0.1', resolve));
    hub.url = `http://127.0.0.1:${(hub.server.address() as AddressInfo).port}`;
    return hub;
  }

  /** The lines of the first `count` requests, once they have come. */
  async lines(count: number): Promise<string[]> {
    await eventually(`${count} requests have come`, () => this.asked.length >= count);
    return this.asked.slice(0, count).map(({ line }) => line);
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request).catch(() => '');
    this.asked.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
    const deed = (request.method === 'GET' ? this.polls : this.posts).shift() ?? 'silence';
    if (deed === 'cut') request.socket.destroy();
    else if (deed !== 'silence') {
      response.writeHead(deed.status, deed.headers).end(deed.body === undefined ? '' : JSON.stringify(deed.body));
    }
  }
}
