import type { Clock } from '../../channels/clock.js';
import type { Logger } from '../../telemetry/logger.js';

interface Kind {
  nextAt: number;
  withheld: number;
}

/** Warns of what may happen with every event, without filling the log. */
export class ThrottledLog {
  private readonly kinds = new Map<string, Kind>();

  constructor(
    private readonly logger: Logger,
    private readonly clock: Clock,
    private readonly facts: object,
    /** a sentence of one kind is written once in so many ms; the next one tells how many were not */
    private readonly quietMs: number,
  ) {}

  /** @param kind one of few */
  warn(kind: string, facts: object, sentence: string): void {
    const now = this.clock.uptime();
    const known = this.kinds.get(kind);
    if (known && now < known.nextAt) {
      known.withheld++;
      return;
    }
    const withheld = known?.withheld ?? 0;
    this.kinds.set(kind, { nextAt: now + this.quietMs, withheld: 0 });
    const more = withheld === 0 ? '' : ` It is one of ${withheld + 1} like it since the last one that was written.`;
    this.logger.warn({ ...this.facts, ...facts }, sentence + more);
  }
}
