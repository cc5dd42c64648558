import type { Server as HttpServer } from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { promisify } from 'node:util';
import type { Clock } from '../channels/clock.js';
import type { FaultLog } from '../channels/fault-log.js';
import { type ConnectionBound, tellRefusedConnections } from '../channels/refused-connections.js';
import { FastLane } from './fast-lane/fast-lane.js';
import type { LaneLimits } from './fast-lane/lane.js';
import type { FastifyDoor } from './fastify-door/fastify-door.js';
import type { RequestServer } from './request-server.js';

export interface PublicDoorOptions {
  readonly limits: LaneLimits & { readonly stopTimeoutMs: number };
  readonly connections: ConnectionBound;
  readonly faults: FaultLog;
  /** false: every connection goes to Node's parser */
  readonly fastLane: boolean;
}

export interface DoorStats {
  /** open connections */
  readonly connections: number;
  /** of these, in the fast lane */
  readonly inFastLane: number;
  /** requests that the lane served, and connections that it gave to Fastify, since the start */
  readonly servedByFastLane: number;
  readonly handedOver: number;
  /** bytes of bodies that are being received, as far as they are counted (limits.max_receiving_size) */
  readonly receivingBytes: number;
}

const KEEP_ALIVE_PROBE_MS = 60_000;
/** Connections that may wait to be accepted: a whole fleet comes back at once after a restart. */
const LISTEN_BACKLOG = 4096;
/** How long clients may take at a stop to close connections whose last answer they have. */
const STOP_GRACE_MS = 1_000;
/** How often it is looked at a stop whether requests are still under way. */
const STOP_LOOK_MS = 50;
/** The doors' share of `stop_timeout`; the rest is for what closes behind them. */
const STOP_SHARE = 0.9;

/**
 * The one listening socket for devices, publishers and subscribers. A connection begins in the fast lane and stays there
 * as long as the lane understands it; then Node's HTTP server has it for good.
 */
export class PublicDoor {
  private readonly lane: FastLane;
  private readonly listener: Server;

  constructor(
    private readonly server: RequestServer,
    private readonly fastifyDoor: FastifyDoor,
    private readonly http: HttpServer,
    clock: Clock,
    private readonly options: PublicDoorOptions,
  ) {
    this.lane = new FastLane(server, options.limits, clock, (socket, taken) => this.giveToHttp(socket, taken));
    this.listener = createServer({
      pauseOnConnect: true,
      allowHalfOpen: true,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_PROBE_MS,
    });
    this.listener.on('connection', (socket) => {
      if (options.fastLane) this.lane.accept(socket);
      else this.giveToHttp(socket);
    });
  }

  /**
   * Begins to listen.
   * @returns where it listens, the port chosen by the system when 0 was asked for
   * @throws the system's error, EADDRINUSE and the like
   */
  listen(endpoint: { host: string; port: number }): Promise<{ host: string; port: number }> {
    return new Promise((resolve, reject) => {
      this.listener.once('error', reject);
      this.listener.listen({ ...endpoint, backlog: LISTEN_BACKLOG }, () => {
        this.listener.off('error', reject);
        tellRefusedConnections(this.listener, this.options.connections, this.options.faults, 'listen');
        const { address, port } = this.listener.address() as AddressInfo;
        resolve({ host: address, port });
      });
    });
  }

  async stats(): Promise<DoorStats> {
    const connections = await promisify(this.listener.getConnections.bind(this.listener))();
    const { size, served, handedOver } = this.lane;
    const { receivingBytes } = this.fastifyDoor;
    return { connections, inFastLane: size, servedByFastLane: served, handedOver, receivingBytes };
  }

  /**
   * Stops: accepts nothing more, answers parked polls so that their clients poll again elsewhere or later, lets requests
   * under way finish, and closes what is left after `stopTimeoutMs`.
   */
  async stop(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.listener.close(() => resolve()));
    this.fastifyDoor.isStopping = true;
    this.lane.stop();
    this.server.endAllPolls();
    this.http.closeIdleConnections();
    const graceMs = Math.min(STOP_GRACE_MS, this.options.limits.stopTimeoutMs);
    await within(closed, graceMs);
    await this.requestsDone(closed, STOP_SHARE * this.options.limits.stopTimeoutMs - graceMs);
    this.lane.closeAll();
    this.http.closeAllConnections();
    this.fastifyDoor.close();
    // Closing a server that never listened ends its check of connections; its error says that it never listened.
    this.http.close(() => {});
    await closed;
  }

  /** Waits until no request is under way, or all is closed, at most `ms`. */
  private async requestsDone(closed: Promise<void>, ms: number): Promise<void> {
    for (let left = ms; left > 0 && (this.lane.isServing || this.fastifyDoor.isServing); left -= STOP_LOOK_MS) {
      if (await within(closed, Math.min(left, STOP_LOOK_MS))) return;
    }
  }

  private giveToHttp(socket: Socket, taken?: Buffer): void {
    this.http.emit('connection', socket);
    if (taken) socket.unshift(taken);
    else socket.resume();
  }
}

/** True when `promise` was done within `ms`. */
async function within(promise: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), ms);
  });
  const isDone = await Promise.race([promise.then(() => true), late]);
  clearTimeout(timer);
  return isDone;
}
