import type { Logger } from '../../telemetry/logger.js';

/** Something that the hub, or a plugin through `turn.log`, has told. */
export interface LogLine {
  readonly level: 'error' | 'warn' | 'info' | 'debug';
  /** unix ms, of the hub's time */
  readonly at: number;
  readonly sentence: string;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Keeps what a hub tells. */
export class HubLog implements Logger {
  readonly lines: LogLine[] = [];

  /** @param now unix ms */
  constructor(private readonly now: () => number) {}

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

  private note(level: LogLine['level'], facts: object, sentence: string): void {
    this.lines.push({ level, at: this.now(), sentence, facts: { ...facts } });
  }
}
