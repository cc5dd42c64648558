import { request } from 'node:http';
import { Contract, type OpenApiDocument } from './contract.js';

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** sent as JSON; a string as it is */
  readonly body?: unknown;
}

export interface AdminAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of it
  readonly json: any;
}

/** Asks an admin API, and holds every answer against the API's own document. */
export class AdminClient {
  private constructor(
    private readonly url: string,
    readonly contract: Contract,
  ) {}

  /** @param url of the admin door, `http://127.0.0.1:PORT` */
  static async of(url: string): Promise<AdminClient> {
    const { json } = await send(`${url}/admin/openapi.json`, {});
    return new AdminClient(url, new Contract(json as OpenApiDocument));
  }

  /** @param path with its query */
  async ask(path: string, asked: Asked = {}): Promise<AdminAnswer> {
    const answer = await send(this.url + path, asked);
    this.contract.check(asked.method ?? 'GET', path.replace(/\?.*$/s, ''), {
      status: answer.status,
      contentType: answer.headers['content-type'] as string | undefined,
      body: answer.json,
    });
    return answer;
  }

  get(path: string): Promise<AdminAnswer> {
    return this.ask(path);
  }

  post(path: string, body: unknown): Promise<AdminAnswer> {
    return this.ask(path, { method: 'POST', body });
  }

  delete(path: string): Promise<AdminAnswer> {
    return this.ask(path, { method: 'DELETE' });
  }
}

/** Not `fetch`, which sets some header lines and paths its own way. */
function send(url: string, { method = 'GET', headers = {}, body }: Asked): Promise<AdminAnswer> {
  const { origin, hostname, port } = new URL(url);
  const path = url.slice(origin.length);
  const json = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body);
  const type =
    json === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(json) };
  return new Promise((resolve, reject) => {
    const options = { hostname, port, path, method, headers: { ...type, ...headers }, agent: false } as const;
    const asked = request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = /^application\/(problem\+)?json/.test(response.headers['content-type'] ?? '') && text !== '';
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: isJson ? JSON.parse(text) : undefined,
        });
      });
    });
    asked.on('error', reject);
    asked.end(json);
  });
}
