import { connect, type Socket } from 'node:net';
import { BenchFault } from '../bench-fault.js';
import type { Endpoint } from '../peers/peer.js';
import { type Response, ResponseParser } from './response-parser.js';

/** Reads are handled one after the other, so that all connections share the buffer. */
const READ_BUFFER = Buffer.allocUnsafeSlow(256 * 1024);
/** An address has some 28,000 free ports (net.ipv4.ip_local_port_range); this many leave room for other programs. */
const CONNECTIONS_PER_ADDRESS = 10_000;
/** Connections that are being opened at a time: fewer than a listen queue holds. */
const OPENING_AT_A_TIME = 200;

/** A keep-alive connection that has at most one request under way. */
export class Connection {
  private readonly parser = new ResponseParser();
  private readonly socket: Socket;
  private taker: ((response: Response) => void) | undefined;
  private isClosing = false;

  private constructor(
    private readonly endpoint: Endpoint,
    source: string,
    opened: (error?: Error) => void,
  ) {
    const onread = { buffer: READ_BUFFER, callback: (bytes: number) => this.read(bytes) };
    this.socket = connect({ ...endpoint, localAddress: source, noDelay: true, onread });
    this.socket.once('connect', () => opened());
    this.socket.on('error', (error) => this.lost(error, opened));
    this.socket.on('end', () => this.lost(new Error('the server closed it'), opened));
  }

  /** @param index which of the run's connections it is: it decides the source address, 127.0.0.1 and on */
  static open(endpoint: Endpoint, index: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const source = `127.0.0.${1 + Math.floor(index / CONNECTIONS_PER_ADDRESS)}`;
      const connection: Connection = new Connection(endpoint, source, (error) => {
        if (error) reject(error);
        else resolve(connection);
      });
    });
  }

  /**
   * Opens `count` connections, a bounded number at a time.
   * @param opened called with each as soon as it is open: a server closes those that ask nothing for too long, and opening
   * all of them may take longer than that
   * @throws BenchFault when one is refused
   */
  static async openMany(
    endpoint: Endpoint,
    count: number,
    opened: (connection: Connection, index: number) => void = () => {},
  ): Promise<Connection[]> {
    const connections: Connection[] = [];
    while (connections.length < count) {
      const from = connections.length;
      const length = Math.min(OPENING_AT_A_TIME, count - from);
      const opening = Array.from({ length }, (_, i) => Connection.open(endpoint, from + i));
      for (const connection of await Promise.all(opening)) opened(connection, connections.push(connection) - 1);
    }
    return connections;
  }

  /** @param request its bytes as latin1 @param take called once, with its response */
  send(request: string, take: (response: Response) => void): void {
    if (this.taker) throw new BenchFault('The load generator sent a request before the answer to the last one.');
    this.taker = take;
    this.socket.write(request, 'latin1');
  }

  /** Closes at once, by a reset: a port in TIME_WAIT would be missing in the next turn. */
  close(): void {
    this.isClosing = true;
    this.socket.resetAndDestroy();
  }

  private read(bytes: number): boolean {
    if (!this.isClosing) this.parser.push(READ_BUFFER.toString('latin1', 0, bytes), this.answered);
    return true;
  }

  private readonly answered = (response: Response): void => {
    const { taker } = this;
    if (!taker) throw new BenchFault(`An answer came that no request asked for: ${response.status} ${response.body}`);
    this.taker = undefined;
    taker(response);
  };

  private lost(cause: Error, opened: (error: Error) => void): void {
    if (this.isClosing) return;
    const { host, port } = this.endpoint;
    const state = this.taker ? 'with a request under way' : 'between two requests';
    const fault = new BenchFault(`The connection to ${host}:${port} broke ${state}: ${cause.message}.`, { cause });
    if (this.socket.connecting || this.socket.pending) opened(fault);
    else throw fault;
  }
}
