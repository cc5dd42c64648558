import type { HandedTurn } from '../../../src/logic/external/logic-servers.js';

export interface Told {
  readonly status: number;
  /** undefined: no body */
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of it
  readonly json: any;
}

/** A logic server as a program outside of the hub sees the hub: over a socket, with JSON. */
export class LogicClient {
  constructor(
    private readonly adminUrl: string,
    private readonly name: string,
    private readonly token?: string,
  ) {}

  /** @param query `wait=5&max=10` @param signal ends the request */
  async next(query = 'wait=0', signal?: AbortSignal): Promise<HandedTurn[]> {
    const { status, json } = await this.ask('POST', `next?${query}`, undefined, signal);
    if (status !== 200 && status !== 204) throw new Error(`next was answered ${status}: ${JSON.stringify(json)}`);
    return json ?? [];
  }

  /** The next turn, of which there must be one. */
  async one(query?: string): Promise<HandedTurn> {
    const [turn] = await this.next(query);
    if (turn) return turn;
    throw new Error('No turn was handed out.');
  }

  answer({ lock }: Pick<HandedTurn, 'lock'>, reply: unknown): Promise<Told> {
    return this.ask('POST', lock, reply);
  }

  async state({ lock }: Pick<HandedTurn, 'lock'>, query = ''): Promise<Told> {
    return this.ask('GET', `${lock}/state?${query}`);
  }

  /** Takes turns and answers them until it is given none. @returns how many it was given */
  async work(handle: (turn: HandedTurn) => unknown, query = 'wait=0&max=10'): Promise<number> {
    let count = 0;
    for (let turns = await this.next(query); turns.length > 0; turns = await this.next(query)) {
      for (const turn of turns) {
        count++;
        const { status, json } = await this.answer(turn, await handle(turn));
        if (status !== 204) throw new Error(`The answer was told ${status}: ${JSON.stringify(json)}`);
      }
    }
    return count;
  }

  /** @param body a text goes as it is, all else as JSON */
  async ask(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Told> {
    const headers: Record<string, string> = {};
    if (body !== undefined) headers['Content-Type'] = 'application/json';
    if (this.token !== undefined) headers.Authorization = `Bearer ${this.token}`;
    const request: RequestInit = { method, headers };
    if (body !== undefined) request.body = typeof body === 'string' ? body : JSON.stringify(body);
    if (signal) request.signal = signal;
    const answer = await fetch(`${this.adminUrl}/v1/logic/${this.name}/turns/${path}`, request);
    const text = await answer.text();
    return { status: answer.status, json: text === '' ? undefined : JSON.parse(text) };
  }
}
