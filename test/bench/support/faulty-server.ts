import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What a server does wrong with the sixth message of a channel. */
export type Fault = 'loses it' | 'repeats the one before' | 'sends an older one' | 'cuts it' | 'has no room for it';

const FAULTY = 5;

interface Channel {
  readonly messages: string[];
  polls: { readonly response: ServerResponse; readonly after: number }[];
}

/** A message server with long-polls that makes one mistake: the bench must see it. */
export class FaultyServer {
  private readonly channels = new Map<string, Channel>();
  private readonly server: Server;

  constructor(private readonly fault: Fault) {
    this.server = createServer((request, response) => void this.serve(request, response));
  }

  /** Listens on a port that the system chooses. */
  async listen(): Promise<{ host: string; port: number }> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return { host: '127.0.0.1', port: (this.server.address() as AddressInfo).port };
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const channel = this.channelOf(new URL(request.url ?? '', 'http://x').searchParams.get('id') ?? '');
    if (request.method === 'GET') {
      channel.polls.push({ response, after: Number(request.headers['if-none-match'] ?? -1) });
      return deliver(channel);
    }
    let body = '';
    for await (const chunk of request) body += chunk;
    const isPolled = channel.polls.length > 0;
    const isFaulty = channel.messages.length === FAULTY;
    if (isFaulty && this.fault === 'has no room for it') return answer(response, 507, 'No room.');
    channel.messages.push(isFaulty ? this.spoiled(channel, body) : body);
    answer(response, isPolled ? 201 : 202, '');
    deliver(channel);
  }

  /** What is kept in the place of `body`. */
  private spoiled({ messages }: Channel, body: string): string {
    switch (this.fault) {
      case 'loses it':
        return body.replace(` ${FAULTY} `, ` ${FAULTY + 1} `);
      case 'repeats the one before':
        return messages[FAULTY - 1] as string;
      case 'sends an older one':
        return messages[FAULTY - 2] as string;
      default:
        return body.slice(0, -1);
    }
  }

  private channelOf(id: string): Channel {
    const channel = this.channels.get(id) ?? { messages: [], polls: [] };
    this.channels.set(id, channel);
    return channel;
  }
}

/** Answers the open polls that a message is there for. */
function deliver(channel: Channel): void {
  const { polls, messages } = channel;
  const isDue = ({ after }: { after: number }) => after + 1 < messages.length;
  channel.polls = polls.filter((poll) => !isDue(poll));
  for (const { response, after } of polls.filter(isDue)) {
    answer(response, 200, messages[after + 1] as string, { 'Last-Modified': 'then', Etag: String(after + 1) });
  }
}

function answer(response: ServerResponse, status: number, body: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'Content-Length': body.length, ...headers }).end(body);
}
