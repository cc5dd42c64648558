import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { BenchFault } from './bench-fault.js';
import { processTree } from './measure/process-tree.js';
import type { Endpoint } from './peers/peer.js';

const STARTS_WITHIN_MS = 20_000;
const STOPS_WITHIN_MS = 5_000;
const OUTPUT_KEPT = 2_000;

const alive = new Set<OwnProcess>();
// The last resort, for an end that left no time to stop them in order.
process.on('exit', () => {
  for (const process of alive) process.kill();
});

/** A process that the bench started, and that it ends whatever happens. */
export class OwnProcess {
  readonly pid: number;
  /** the end of what it wrote, for the sentence that tells why it failed */
  output = '';
  private readonly exited: Promise<unknown>;

  private constructor(
    private readonly name: string,
    readonly child: ChildProcess,
  ) {
    this.pid = child.pid as number;
    this.exited = once(child, 'exit');
    alive.add(this);
    child.once('exit', () => alive.delete(this));
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', this.keep);
  }

  /** @param withMessages opens a channel for `child.send`; the program must be Node then */
  static async start(name: string, command: string, args: string[], withMessages = false): Promise<OwnProcess> {
    const child = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe', ...(withMessages ? ['ipc' as const] : [])],
    });
    await once(child, 'spawn').catch((error: Error) => {
      throw new BenchFault(`${name} could not be started: ${error.message}.`, { cause: error });
    });
    return new OwnProcess(name, child);
  }

  /** Ends everything that still runs. */
  static async stopAll(): Promise<void> {
    await Promise.all([...alive].map((process) => process.stop()));
  }

  get isAlive(): boolean {
    return alive.has(this);
  }

  /** Waits until it accepts connections. @throws BenchFault when it ends instead, or takes too long */
  async untilListening(endpoint: Endpoint): Promise<void> {
    await this.until('listen', () => accepts(endpoint));
  }

  /** Waits until it takes a message at `url`. @throws BenchFault when it ends instead, or takes too long */
  async untilAnswers(url: string): Promise<void> {
    await this.until('take a message', async () => {
      const response = await fetch(url, { method: 'POST', body: 'ready' }).catch(() => undefined);
      return response?.ok === true;
    });
  }

  /** Waits until it has written `word`. @throws BenchFault when it ends instead, or takes too long */
  async untilSays(word: string): Promise<void> {
    await this.until(`say "${word}"`, async () => this.output.includes(word));
  }

  /** Asks it to end, and ends it with its children when it does not. */
  async stop(): Promise<void> {
    if (!this.isAlive) return;
    this.child.kill('SIGTERM');
    const patience = setTimeout(() => this.kill(), STOPS_WITHIN_MS);
    await this.exited;
    clearTimeout(patience);
  }

  /** Ends it and its children at once. */
  kill(): void {
    for (const { pid } of processTree([this.pid])) {
      try {
        process.kill(pid, 'SIGKILL');
      } catch {
        // It ended by itself in the meantime.
      }
    }
  }

  /** @param what what happened, as the sentence's predicate */
  fault(what: string): BenchFault {
    const said = this.output.trim() === '' ? 'It wrote nothing.' : `It wrote: ${this.output.trim()}`;
    return new BenchFault(`${this.name} ${what}. ${said}`);
  }

  private async until(goal: string, isReached: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + STARTS_WITHIN_MS;
    while (!(await isReached())) {
      if (!this.isAlive) throw this.fault(`ended before it could ${goal}`);
      if (performance.now() > deadline) throw this.fault(`did not ${goal} within ${STARTS_WITHIN_MS / 1000} s`);
      await pause(20);
    }
  }

  private readonly keep = (text: string): void => {
    this.output = (this.output + text).slice(-OUTPUT_KEPT);
  };
}

function accepts(endpoint: Endpoint): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(endpoint, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
