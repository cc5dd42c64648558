import type { Logger } from '../../telemetry/logger.js';
import { writeFacts } from './codec.js';
import type { ToHub } from './protocol.js';

/** Lines that a plugin may write without leaving its event loop a moment. */
const MAX_LINES_AT_ONCE = 1_000;

/** Writes to the hub's log out of a worker. */
export class WorkerLog implements Logger {
  private lines = 0;

  constructor(private readonly send: (message: ToHub) => void) {}

  error(facts: object, sentence: string): void {
    this.write('error', facts, sentence);
  }

  warn(facts: object, sentence: string): void {
    this.write('warn', facts, sentence);
  }

  info(facts: object, sentence: string): void {
    this.write('info', facts, sentence);
  }

  debug(facts: object, sentence: string): void {
    this.write('debug', facts, sentence);
  }

  private write(level: keyof Logger, facts: object, sentence: string): void {
    if (this.lines === 0) setImmediate(() => this.tellLeftOut());
    this.lines++;
    if (this.lines > MAX_LINES_AT_ONCE) return;
    this.send({ kind: 'log', level, facts: writeFacts(facts), sentence: String(sentence) });
  }

  private tellLeftOut(): void {
    const leftOut = this.lines - MAX_LINES_AT_ONCE;
    this.lines = 0;
    if (leftOut <= 0) return;
    const sentence = `${leftOut} lines of the plugin were left out: it wrote more than ${MAX_LINES_AT_ONCE} at once.`;
    this.send({ kind: 'log', level: 'warn', facts: { leftOut }, sentence });
  }
}
