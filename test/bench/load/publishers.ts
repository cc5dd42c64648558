import { BenchFault } from '../bench-fault.js';
import type { Endpoint } from '../peers/peer.js';
import { Connection } from './connection.js';
import { Fifo } from './fifo.js';
import type { Response } from './response-parser.js';

interface Post {
  readonly request: string;
  readonly done: (status: number) => void;
}

/** Publisher connections; each has one request under way, and requests that find none free wait their turn. */
export class Publishers {
  private readonly waiting = new Fifo<Post>();
  private readonly free: Connection[] = [];
  private connections: readonly Connection[] = [];

  constructor(
    private readonly endpoint: Endpoint,
    private readonly count: number,
  ) {}

  /** Opens the connections; to be called shortly before the first `post`. @throws BenchFault when one is refused */
  async open(): Promise<void> {
    this.connections = await Connection.openMany(this.endpoint, this.count);
    this.free.push(...this.connections);
  }

  /** @param done called with the status, 201 or 202; anything else ends the run */
  post(request: string, done: (status: number) => void): void {
    const connection = this.free.pop();
    if (connection) this.send(connection, { request, done });
    else this.waiting.push({ request, done });
  }

  close(): void {
    for (const connection of this.connections) connection.close();
  }

  private send(connection: Connection, { request, done }: Post): void {
    connection.send(request, (response) => {
      checkPublished(response);
      const next = this.waiting.shift();
      if (next) this.send(connection, next);
      else this.free.push(connection);
      done(response.status);
    });
  }
}

/** @throws BenchFault when the server did not take the message */
export function checkPublished({ status, body }: Response): void {
  if (status === 201 || status === 202) return;
  throw new BenchFault(`A publisher was answered ${status} ${JSON.stringify(body.slice(0, 200))}, not 201 or 202.`);
}
