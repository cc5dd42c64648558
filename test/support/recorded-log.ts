import type { Logger } from '../../src/telemetry/logger.js';

export interface LogLine {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  readonly facts: Readonly<Record<string, unknown>>;
  readonly sentence: string;
}

/** A logger that keeps what is written to it. */
export class RecordedLog implements Logger {
  readonly lines: LogLine[] = [];

  error(facts: object, sentence: string): void {
    this.note('error', facts, sentence);
  }

  warn(facts: object, sentence: string): void {
    this.note('warn', facts, sentence);
  }

  info(facts: object, sentence: string): void {
    this.note('info', facts, sentence);
  }

  debug(facts: object, sentence: string): void {
    this.note('debug', facts, sentence);
  }

  /** The lines of one level. */
  at(level: LogLine['level']): LogLine[] {
    return this.lines.filter((line) => line.level === level);
  }

  private note(level: LogLine['level'], facts: object, sentence: string): void {
    this.lines.push({ level, facts: { ...facts }, sentence });
  }
}
