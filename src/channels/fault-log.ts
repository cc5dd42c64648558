import type { Logger } from '../telemetry/logger.js';
import type { Clock } from './clock.js';
import { type ErrorCode, HubError } from './hub-error.js';

/** Faults of one code that are written at once; after that one in each period, so that no client can fill the disk. */
const BURST = 10;
const PERIOD_MS = 10_000;

/** How grave it is that the hub answered with a code; those that are missing are the client's own affair. */
const levels: Partial<Record<ErrorCode, 'error' | 'warn'>> = {
  internal: 'error',
  engine_unavailable: 'error',
  log_full: 'warn',
  channel_limit: 'warn',
  device_limit: 'warn',
};

interface Budget {
  left: number;
  /** ms of Clock.uptime up to which `left` counts */
  countedTo: number;
  /** faults since the last one that was written */
  unwritten: number;
}

/** Writes down what requests were refused for that an operator should know, bounded for each code. */
export class FaultLog {
  /** faults since the start, unwritten ones included */
  total = 0;
  private readonly budgets = new Map<ErrorCode, Budget>();

  constructor(
    private readonly logger: Logger,
    private readonly clock: Pick<Clock, 'uptime'>,
  ) {}

  /** @param facts what was asked for, in words of the hub's own: what clients send may be secret, long or forged */
  note(thrown: unknown, facts: object): void {
    const fault = HubError.from(thrown);
    const level = levels[fault.code];
    if (!level) return;
    this.total++;
    const budget = this.budgetOf(fault.code);
    if (budget.left < 1) {
      budget.unwritten++;
      return;
    }
    budget.left--;
    const { unwritten } = budget;
    budget.unwritten = 0;
    const { code, status, cause, message } = fault;
    this.logger[level](
      { ...facts, code, ...(unwritten > 0 && { unwritten }), error: cause ?? fault },
      `${status}: ${message}`,
    );
  }

  private budgetOf(code: ErrorCode): Budget {
    const now = this.clock.uptime();
    const budget = this.budgets.get(code) ?? { left: BURST, countedTo: now, unwritten: 0 };
    this.budgets.set(code, budget);
    const periods = Math.floor((now - budget.countedTo) / PERIOD_MS);
    budget.left = Math.min(BURST, budget.left + periods);
    budget.countedTo += periods * PERIOD_MS;
    return budget;
  }
}
