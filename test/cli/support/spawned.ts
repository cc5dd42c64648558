import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';

export interface SpawnOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** what the program reads from its standard input */
  readonly input?: string;
}

const running = new Set<Spawned>();

/** Ends what a test left running; for `afterEach`. */
export async function endSpawned(): Promise<void> {
  await Promise.all(Array.from(running, (spawned) => spawned.end()));
}

/** A program that runs beside the test: what it wrote so far, and how it ended. */
export class Spawned {
  readonly exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  out = '';
  err = '';
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly written = new EventEmitter();

  constructor(program: string, args: readonly string[], { env = {}, input = '' }: SpawnOptions = {}) {
    // A process group of its own, so that what it started can be ended with it.
    this.child = spawn(program, args, { env: { ...process.env, ...env }, detached: true });
    running.add(this);
    this.child.stdout.setEncoding('utf8').on('data', (text: string) => this.note('out', text));
    this.child.stderr.setEncoding('utf8').on('data', (text: string) => this.note('err', text));
    this.child.stdin.on('error', () => {}).end(input);
    this.exit = once(this.child, 'close').then(([code, signal]) => {
      running.delete(this);
      return { code, signal };
    });
  }

  /** Waits until `text` was written to stdout or stderr. @throws when the program ends without it */
  async shown(text: string): Promise<void> {
    while (!this.out.includes(text) && !this.err.includes(text)) {
      const ended = this.exit.then(() => true);
      const hasEnded = await Promise.race([once(this.written, 'text').then(() => false), ended]);
      if (hasEnded) throw new Error(`The program ended without "${text}":\n${this.out}${this.err}`);
    }
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Stops reading what the program writes, as `head` does. */
  closeOutput(): void {
    this.child.stdout.destroy();
  }

  /** Ends it and what it started, whatever it is doing. */
  async end(): Promise<void> {
    if (this.child.pid !== undefined) process.kill(-this.child.pid, 'SIGKILL');
    await this.exit;
  }

  private note(stream: 'out' | 'err', text: string): void {
    this[stream] += text;
    this.written.emit('text');
  }
}
