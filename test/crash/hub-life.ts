import { setMaxListeners } from 'node:events';
import { type HttpAnswer, request } from '../../src/cli/http-request.js';

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A hub from its start to its end, as its clients know it, and what they found wrong. */
export class HubLife {
  /** requests at the devices' door */
  answered = 0;
  private readonly ended = new AbortController();

  constructor(
    readonly url: string,
    readonly adminUrl: string,
    /** takes a sentence for each thing that must not be */
    private readonly report: (wrong: string) => void,
  ) {
    // One listener for each request under way.
    setMaxListeners(0, this.ended.signal);
  }

  get isOver(): boolean {
    return this.ended.signal.aborted;
  }

  get signal(): AbortSignal {
    return this.ended.signal;
  }

  /** No request is waited for any longer. */
  end(): void {
    this.ended.abort(new Error('The hub was ended.'));
  }

  /** @param path at the devices' door @returns undefined: nobody knows what became of it, for the hub was killed */
  async ask(path: string, { method = 'GET', headers = {}, body }: Asked = {}): Promise<HttpAnswer | undefined> {
    const bytes = body === undefined ? undefined : Buffer.from(body);
    try {
      const answer = await request(new URL(path, this.url), { method, headers, body: bytes, signal: this.signal });
      this.answered++;
      return answer;
    } catch {
      return undefined;
    }
  }

  /** The JSON that the admin API answers; undefined: it has nothing there. @throws the system's error */
  async admin(path: string): Promise<unknown> {
    const answer = await request(new URL(path, this.adminUrl), { method: 'GET', headers: {}, signal: this.signal });
    if (answer.status === 404) return undefined;
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.body}`);
    return JSON.parse(answer.body.toString());
  }

  wrong(...sentences: readonly string[]): void {
    for (const sentence of sentences) this.report(sentence);
  }

  /** Reports an answer with another status. */
  expect(what: string, { status, body }: HttpAnswer, ...allowed: readonly number[]): boolean {
    if (allowed.includes(status)) return true;
    this.wrong(`${what} was answered ${status}: ${body.toString().slice(0, 200)}`);
    return false;
  }
}
