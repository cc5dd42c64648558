import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { type Asked, RawResponse, readResponse } from './raw-response.js';

export { RawResponse };

const open = new Set<RawClient>();

/** Ends every client that a test left open; for `afterEach`. */
export function closeRawClients(): void {
  for (const client of open) client.reset();
}

/** One connection that sends exactly the bytes it is given, and reads responses strictly. Text is latin1: a byte each. */
export class RawClient {
  private received = Buffer.alloc(0);
  private hasEnded = false;
  private isClosed = false;
  private changed: () => void = () => {};

  private constructor(readonly socket: Socket) {
    open.add(this);
    socket.on('data', (bytes) => this.note(() => (this.received = Buffer.concat([this.received, bytes]))));
    socket.on('end', () => this.note(() => (this.hasEnded = true)));
    socket.on('close', () => this.note(() => (this.isClosed = true)));
    // A reset is seen as `close` without `end`.
    socket.on('error', () => {});
  }

  /** Connects; the connection may be half-closed by either side. */
  static async connect({ host, port }: { host: string; port: number }): Promise<RawClient> {
    const socket = connect({ host, port, allowHalfOpen: true, noDelay: true });
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  /** Sends text, one byte a latin1 character, or bytes. */
  send(...pieces: (string | Buffer)[]): void {
    const bytes = pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : piece));
    this.socket.write(Buffer.concat(bytes));
  }

  /** Sends and waits until the system has taken all of it, so that the next piece is a packet of its own. */
  async sent(...pieces: (string | Buffer)[]): Promise<void> {
    this.send(...pieces);
    await new Promise((resolve) => this.socket.write('', resolve));
  }

  /** The next response. @throws when the bytes are no response, or the server ends before it is complete */
  async response(asked: Asked = {}): Promise<RawResponse> {
    for (;;) {
      const found = readResponse(this.received, { ...asked, ended: this.hasEnded });
      if (found) {
        this.received = this.received.subarray(found.used);
        return found.response;
      }
      if (this.hasEnded || this.isClosed) {
        throw new Error(`The server ended the connection after ${JSON.stringify(this.unread)} instead of a response.`);
      }
      await this.change();
    }
  }

  /** Sends a request and waits for its response. */
  ask(...request: (string | Buffer)[]): Promise<RawResponse> {
    this.send(...request);
    return this.response();
  }

  /** What came and was not read as a response. */
  get unread(): string {
    return this.received.toString('latin1');
  }

  /** Waits until the server has ended its side or reset the connection. @returns what came and was not read */
  async end(): Promise<string> {
    while (!this.hasEnded && !this.isClosed) await this.change();
    return this.unread;
  }

  /** Ends our sending side and goes on reading. */
  endSending(): void {
    this.socket.end();
  }

  /** Closes both sides with a FIN. */
  close(): void {
    open.delete(this);
    this.socket.destroy();
  }

  /** Closes with a RST: what is under way is lost. */
  reset(): void {
    open.delete(this);
    this.socket.resetAndDestroy();
  }

  private note(change: () => void): void {
    change();
    this.changed();
  }

  private change(): Promise<void> {
    return new Promise((resolve) => {
      this.changed = resolve;
    });
  }
}
