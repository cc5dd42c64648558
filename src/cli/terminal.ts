import type { Readable, Writable } from 'node:stream';
import { EXIT_BY_SIGNAL, type StopSignal } from './exit-code.js';

/** What a command reads from, writes to and is stopped by; the process in real life, a fake in tests. */
export interface Terminal {
  readonly stdin: Readable;
  /** true: somebody types what `stdin` gives */
  readonly isInteractive: boolean;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** true: somebody watches `stderr`, and a line there can be written anew */
  readonly isWatched: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** aborted when nobody reads `stdout` any more, as behind `| head -1` */
  readonly outputClosed: AbortSignal;
  /** Calls `listener` at every SIGINT and SIGTERM until the function that it returns is called. */
  onSignal(listener: (signal: StopSignal) => void): () => void;
  /** Ends the process now. */
  exit(code: number): void;
}

const SIGNALS = Object.keys(EXIT_BY_SIGNAL) as StopSignal[];

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdin, stdout, stderr, env } = process;
  const closed = new AbortController();
  stdout.on('error', () => closed.abort());
  // A reader that left must not stop a hub that logs there.
  stderr.on('error', () => {});
  return {
    stdin,
    isInteractive: stdin.isTTY === true,
    stdout,
    stderr,
    isWatched: stderr.isTTY === true,
    env,
    outputClosed: closed.signal,
    onSignal: (listener) => {
      for (const signal of SIGNALS) process.on(signal, listener);
      return () => {
        for (const signal of SIGNALS) process.off(signal, listener);
      };
    },
    exit: (code) => process.exit(code),
  };
}

/** Writes all of `content` and waits until it is taken, so that a slow reader slows the writer; a reader that left is no fault. */
export function print(stream: Writable, content: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => stream.write(content, () => resolve()));
}

/** An AbortSignal for a command that ends at the first signal, or when nobody reads its output any more. */
export function untilStopped(terminal: Terminal): { readonly signal: AbortSignal; release(): void } {
  const stopped = new AbortController();
  const release = terminal.onSignal(() => stopped.abort());
  return { signal: AbortSignal.any([stopped.signal, terminal.outputClosed]), release };
}
