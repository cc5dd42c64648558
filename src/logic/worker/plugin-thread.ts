import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../../channels/clock.js';
import { messageOf } from '../running/reader-surroundings.js';
import { readFault } from './codec.js';
import { Line } from './line.js';
import type { ToHub, ToWorker, WorkerStart, WorkerUsage } from './protocol.js';

export interface ThreadParts {
  readonly clock: Clock;
  /** what its heap may have, and, looked at once a second, its heap and its buffers together for some seconds */
  readonly maxMemoryBytes: number;
  /** options of Node for the thread; undefined: those of the process */
  readonly execArgv: readonly string[] | undefined;
  /** Everything that the thread itself does not deal with. */
  receive(message: ToHub): void;
  /** It has ended without `close`. Called once, not before the constructor has returned. @param reason a sentence's end */
  ended(reason: string): void;
}

/** A question whether it is alive. */
interface Ping {
  /** ms of Clock.uptime */
  readonly at: number;
  /** of somebody who waits for the answer */
  readonly isAlive: (() => void) | undefined;
}

type Step = Extract<ToHub['kind'], 'loaded' | 'opened' | 'closed'>;
type Reply<Kind extends Step> = Extract<ToHub, { readonly kind: Kind }>;

/**
 * What the collector moves to the heap's older part at once. V8 grants 16 MiB beyond the limit to end a thread in; Node 24
 * lets the young part grow to 64 MiB, and what it moves then ends the process.
 */
const MAX_YOUNG_MIB = 8;
/** How often a thread is asked whether it is alive, and what it uses. */
const PING_MS = 1_000;
/** Silence after which a thread is taken for stuck when one of its turns has had its time. */
export const STUCK_MS = 2_000;
export const STUCK = 'it has not answered while a turn had its time: something in it runs without end';
/** Looks in a row at which a thread may use more than it may; twice as much is too much at the first one. */
const LOOKS_TOO_LARGE = 10;
const MIB = 2 ** 20;
const MAIN = new URL(`./worker-main${extname(import.meta.url)}`, import.meta.url);

/** A worker thread with a plugin, from its start to its end, however it ends. */
export class PluginThread {
  usage: WorkerUsage = { heapBytes: 0, bufferBytes: 0, cpuMs: 0 };
  private readonly worker: Worker;
  private readonly line: Line<ToWorker, ToHub>;
  private readonly stopLooking: () => void;
  private awaited: { readonly kind: Step; resolve(reply: unknown): void; reject(error: Error): void } | undefined;
  private isOver = false;
  private fault: string | undefined;
  /** pings without an answer, the oldest first */
  private readonly asked: Ping[] = [];
  /** once the plugin is made: how long the thread may be silent */
  private maxSilenceMs = Number.POSITIVE_INFINITY;
  private looksOverdue = 0;
  private looksTooLarge = 0;

  constructor(
    start: WorkerStart,
    private readonly parts: ThreadParts,
  ) {
    const { clock, maxMemoryBytes, execArgv } = parts;
    this.worker = new Worker(MAIN, {
      workerData: start,
      name: `plugin ${start.entry.name}`,
      resourceLimits: {
        maxOldGenerationSizeMb: Math.ceil(maxMemoryBytes / MIB),
        maxYoungGenerationSizeMb: MAX_YOUNG_MIB,
      },
      ...(execArgv && { execArgv: [...execArgv] }),
    });
    this.line = new Line(this.worker, (messages) => this.receiveAll(messages), queueMicrotask);
    this.worker.on('error', (error: unknown) => {
      this.fault = faultSentence(error, maxMemoryBytes);
    });
    this.worker.on('exit', (code) => this.end(this.fault ?? `it has ended itself with exit code ${code}`));
    this.stopLooking = clock.every(PING_MS, () => this.look());
  }

  /** ms for which it has not answered */
  get silentMs(): number {
    const [oldest] = this.asked;
    return oldest === undefined ? 0 : this.parts.clock.uptime() - oldest.at;
  }

  /** Asks for an answer, and ends it when none comes. @param isAlive called with the answer */
  ask(isAlive: () => void): void {
    this.ping(isAlive);
  }

  /** What the plugin is. @throws what its file throws */
  async load(): Promise<Reply<'loaded'>> {
    return this.reply('loaded');
  }

  /** Makes its providers. @param maxSilenceMs from now on. @throws what they throw */
  async open(maxSilenceMs: number): Promise<void> {
    this.send({ kind: 'open' });
    await this.reply('opened');
    this.maxSilenceMs = maxSilenceMs;
  }

  /** Runs its hooks for a shutdown, and ends it. @throws what they throw */
  async close(): Promise<void> {
    this.maxSilenceMs = Number.POSITIVE_INFINITY;
    this.send({ kind: 'close' });
    try {
      await this.reply('closed');
    } finally {
      this.kill();
    }
  }

  send(message: ToWorker): void {
    if (!this.isOver) this.line.send(message);
  }

  /** Ends it at once. @param reason what `ended` is called with; left out: it is not called */
  kill(reason?: string): void {
    if (reason !== undefined) return this.end(reason);
    if (this.isOver) return;
    this.isOver = true;
    this.release('it was ended');
  }

  private end(reason: string): void {
    if (this.isOver) return;
    this.isOver = true;
    this.release(reason);
    this.parts.ended(reason);
  }

  private release(reason: string): void {
    this.stopLooking();
    void this.worker.terminate();
    this.awaited?.reject(new Error(`Its worker is gone: ${reason}.`));
    this.awaited = undefined;
  }

  private reply<Kind extends Step>(kind: Kind): Promise<Reply<Kind>> {
    if (this.isOver) return Promise.reject(new Error('Its worker is gone.'));
    return new Promise<Reply<Kind>>((resolve, reject) => {
      this.awaited = { kind, resolve: resolve as (reply: unknown) => void, reject };
    });
  }

  /** The plugin's own code may have found a way to send too, and then anything: it must not get further than this. */
  private receiveAll(messages: readonly ToHub[]): void {
    try {
      // A buffer is iterable as well: its bytes would be read one by one.
      if (!Array.isArray(messages)) throw new TypeError('it is no list');
      for (const message of messages) this.receive(message);
    } catch (error) {
      this.kill(`it sent something that the hub cannot read (parentPort is the hub's alone): ${messageOf(error)}`);
    }
  }

  private receive(message: ToHub): void {
    if (this.isOver) return;
    switch (message.kind) {
      case 'pong':
        return this.hear(message.usage);
      case 'loaded':
      case 'opened':
      case 'closed':
        if (this.awaited?.kind === message.kind) this.awaited.resolve(message);
        this.awaited = undefined;
        return;
      case 'failed':
        this.awaited?.reject(readFault(message.fault));
        this.awaited = undefined;
        return;
      default:
        this.parts.receive(message);
    }
  }

  private hear(usage: WorkerUsage): void {
    const ping = this.asked.shift();
    this.looksOverdue = 0;
    this.usage = usage;
    const bytes = usage.heapBytes + usage.bufferBytes;
    const { maxMemoryBytes } = this.parts;
    this.looksTooLarge = bytes > maxMemoryBytes ? this.looksTooLarge + 1 : 0;
    // Buffers that nobody needs any more are counted until they are collected, which takes some seconds.
    if (this.looksTooLarge < LOOKS_TOO_LARGE && bytes <= 2 * maxMemoryBytes) return ping?.isAlive?.();
    this.kill(
      `it used ${mib(bytes)} MiB of memory, buffers included, and ${mib(maxMemoryBytes)} are allowed (max_memory)`,
    );
  }

  private look(): void {
    if (this.asked.length === 0) return this.ping();
    const isAsked = this.asked.some(({ isAlive }) => isAlive);
    // The hub itself may have stood still: its answer then waits behind this look.
    if (this.silentMs <= (isAsked ? STUCK_MS : this.maxSilenceMs) || ++this.looksOverdue < 2) return;
    if (isAsked) return this.kill(STUCK);
    this.kill(`it has not answered for ${Math.round(this.silentMs / 1_000)} s: something in it runs without end`);
  }

  private ping(isAlive?: () => void): void {
    this.asked.push({ at: this.parts.clock.uptime(), isAlive });
    this.send({ kind: 'ping' });
  }
}

function faultSentence(error: unknown, maxMemoryBytes: number): string {
  const isMemory = (error as { code?: unknown } | undefined)?.code === 'ERR_WORKER_OUT_OF_MEMORY';
  if (isMemory) return `its heap has grown beyond the ${mib(maxMemoryBytes)} MiB that are allowed (max_memory)`;
  return messageOf(error);
}

function mib(bytes: number): number {
  return Math.ceil(bytes / MIB);
}
