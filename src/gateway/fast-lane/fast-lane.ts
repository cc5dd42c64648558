import type { Socket } from 'node:net';
import type { Clock } from '../../channels/clock.js';
import { DeadlineWheel } from '../../channels/deadline-wheel.js';
import type { Route } from '../route.js';
import { AnswerText } from './answer-text.js';
import type { Lane, LaneLimits, LaneMember, LaneServer } from './lane.js';
import { LaneConnection } from './lane-connection.js';
import { readInto } from './shared-read.js';

/** Takes a connection that the lane does not understand, with the bytes read from it so far. */
export type TakeOver = (socket: Socket, taken: Buffer) => void;

/** A socket with the connection that it is; undefined when it was handed over. */
interface LaneSocket extends Socket {
  lane?: LaneConnection | undefined;
}

const sharedRead = { buffer: Buffer.allocUnsafeSlow(64 * 1024), callback: onRead };

/**
 * The hot path: serves polls and publishes of the common shape on the socket itself, and hands everything else over to
 * Node's parser and Fastify, which serve the same requests by the same functions (docs/adr/0004-fast-lane.md).
 */
export class FastLane implements Lane {
  readonly wheel: DeadlineWheel;
  readonly text: AnswerText;
  served = 0;
  handedOver = 0;
  isStopping = false;
  private readonly connections = new Set<LaneMember>();
  private readonly toResume: LaneMember[] = [];
  private readonly stopTurning: () => void;

  constructor(
    readonly server: LaneServer,
    readonly limits: LaneLimits,
    readonly clock: Clock,
    private readonly takeOver: TakeOver,
  ) {
    this.wheel = new DeadlineWheel(() => clock.uptime());
    this.text = new AnswerText(() => clock.now());
    this.stopTurning = clock.every(1000, () => this.wheel.turn());
  }

  /** connections that are in the lane now */
  get size(): number {
    return this.connections.size;
  }

  /** True while a request is under way. */
  get isServing(): boolean {
    for (const connection of this.connections) if (connection.isServing) return true;
    return false;
  }

  /** Takes a connection as `net.Server` accepted it, paused. */
  accept(accepted: Socket): void {
    const socket: LaneSocket = readInto(accepted, sharedRead);
    socket.on('end', onEnd).on('close', onClose).on('error', onError);
    socket.lane = new LaneConnection(this, socket);
    this.connections.add(socket.lane);
  }

  handOver(socket: LaneSocket, taken: Buffer): void {
    this.handedOver++;
    socket.lane = undefined;
    socket.off('end', onEnd).off('close', onClose).off('error', onError);
    this.takeOver(socket, taken);
  }

  onceDrained(socket: LaneSocket): void {
    socket.once('drain', onDrain);
  }

  forget(connection: LaneMember): void {
    this.connections.delete(connection);
  }

  resumeSoon(connection: LaneMember): void {
    if (this.toResume.length === 0) setImmediate(this.resumeAll);
    this.toResume.push(connection);
  }

  /** From here on every answer ends its connection, and those without a request under way are closed. */
  stop(): void {
    this.isStopping = true;
    for (const connection of this.connections) connection.closeWhenIdle();
  }

  /** Closes what is left. */
  closeAll(): void {
    for (const connection of this.connections) connection.destroy();
    this.stopTurning();
  }

  /** Compressing an answer takes a thread's time and is left to the other door. */
  serves(route: Route): boolean {
    return route.kind !== 'location' || !route.location.settings.gzip;
  }

  private readonly resumeAll = (): void => {
    const connections = this.toResume.splice(0);
    for (const connection of connections) connection.resume();
  };
}

// One set of listeners for all sockets: a parked poll must not cost a closure.

function onRead(this: LaneSocket, count: number, bytes: Buffer): boolean {
  // Node's parser reads past this callback once it has the socket; should it ever let go, the bytes still reach it.
  if (this.lane) this.lane.receive(bytes, count);
  else this.push(Buffer.from(bytes.subarray(0, count)));
  return true;
}

function onEnd(this: LaneSocket): void {
  this.lane?.clientEnded();
}

function onClose(this: LaneSocket): void {
  this.lane?.leave();
}

function onDrain(this: LaneSocket): void {
  this.lane?.drained();
}

/** A reset connection; `close` follows. */
function onError(): void {}
