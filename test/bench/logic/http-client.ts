import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { BenchFault } from '../bench-fault.js';
import type { Endpoint } from '../peers/peer.js';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: string;
}

export interface HttpAnswer {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/**
 * Requests over node:http and connections that are kept: what a logic process is usually written with. fetch() costs it
 * more (docs/performance.md).
 */
export class HttpClient {
  private readonly agent: Agent;

  /** @param maxSockets connections; requests that find none free wait */
  constructor(
    private readonly endpoint: Endpoint,
    maxSockets: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets });
  }

  /** @throws BenchFault for an answer that is no success, and what node:http throws */
  send({ method, path, headers = {}, json }: HttpRequest): Promise<HttpAnswer> {
    const { agent, endpoint } = this;
    const entity =
      json === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(json) };
    return new Promise((resolve, reject) => {
      const sent = request({ ...endpoint, agent, method, path, headers: { ...headers, ...entity } }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => {
          body += text;
        });
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode = 0 } = response;
          if (statusCode >= 200 && statusCode < 300) resolve({ headers: response.headers, body });
          else reject(new BenchFault(`${method} ${path} was answered ${statusCode} ${JSON.stringify(body)}.`));
        });
      });
      sent.on('error', reject);
      sent.end(json);
    });
  }
}
