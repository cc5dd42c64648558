import { EventEmitter, once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import type { StopSignal } from '../../../src/cli/exit-code.js';
import type { Terminal } from '../../../src/cli/terminal.js';

/** A terminal whose output can be read and whose signals a test sends. */
export class FakeTerminal implements Terminal {
  readonly stdin: Readable;
  readonly isInteractive = false;
  isWatched = false;
  readonly stdout = new PassThrough({ encoding: 'utf8' });
  readonly stderr = new PassThrough({ encoding: 'utf8' });
  readonly exitCodes: number[] = [];
  out = '';
  err = '';
  private readonly closing = new AbortController();
  private readonly signals = new EventEmitter();
  private readonly written = new EventEmitter();

  constructor(
    input: string | Buffer = '',
    readonly env: Readonly<Record<string, string | undefined>> = {},
  ) {
    this.stdin = Readable.from([Buffer.from(input)]);
    this.stdout.on('data', (text: string) => this.note('out', text));
    this.stderr.on('data', (text: string) => this.note('err', text));
  }

  get outputClosed(): AbortSignal {
    return this.closing.signal;
  }

  onSignal(listener: (signal: StopSignal) => void): () => void {
    this.signals.on('signal', listener);
    return () => this.signals.off('signal', listener);
  }

  exit(code: number): void {
    this.exitCodes.push(code);
  }

  /** As Ctrl-C or `kill` does. */
  send(signal: StopSignal): void {
    this.signals.emit('signal', signal);
  }

  /** As `| head -1` does once it has its line. */
  closeOutput(): void {
    this.closing.abort();
  }

  /** Waits until `text` was written to stdout or stderr. */
  async shown(text: string): Promise<void> {
    while (!this.out.includes(text) && !this.err.includes(text)) await once(this.written, 'text');
  }

  private note(stream: 'out' | 'err', text: string): void {
    this[stream] += text;
    this.written.emit('text');
  }
}
