import type { Logger } from '../telemetry/logger.js';
import type { Clock } from './clock.js';
import { type ErrorCode, HubError } from './hub-error.js';

/** Faults of one code that are written at once; after that one in each period, so that no client can fill the disk. */
const BURST = 10;
const PERIOD_MS = 10_000;
/** Kinds of unforeseen faults of which the first is written whatever the budget says: whoever is told an id must find it. */
const MAX_KINDS = 100;

/** How grave it is that the hub answered with a code; those that are missing are the client's own affair. */
const levels: Partial<Record<ErrorCode, 'error' | 'warn'>> = {
  internal: 'error',
  engine_unavailable: 'error',
  log_full: 'warn',
  connection_limit: 'warn',
  receiving_limit: 'warn',
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
  private readonly kinds = new Set<string>();

  constructor(
    private readonly logger: Logger,
    private readonly clock: Pick<Clock, 'uptime'>,
  ) {}

  /**
   * @param facts what was asked for, in words of the hub's own: what clients send may be secret, long or forged
   * @returns what a client is told: the error itself; of one that nobody foresaw, whose text may say anything, only the id
   * that stands beside it in the log
   */
  note(thrown: unknown, facts: object): HubError {
    const fault = HubError.from(thrown);
    const { code } = fault;
    const id = code === 'internal' ? kindOf(fault) : undefined;
    const level = levels[code];
    if (level) this.write(level, fault, { ...facts, code, ...(id !== undefined && { fault: id }) });
    if (id === undefined) return fault;
    return new HubError(code, `The hub failed; its log has the cause beside "fault":"${id}".`, { cause: fault });
  }

  private write(level: 'error' | 'warn', fault: HubError, facts: { code: ErrorCode; fault?: string }): void {
    this.total++;
    const budget = this.budgetOf(facts.code);
    if (budget.left < 1 && !this.isNew(facts.fault)) {
      budget.unwritten++;
      return;
    }
    budget.left = Math.max(budget.left - 1, 0);
    if (facts.fault !== undefined && this.kinds.size < MAX_KINDS) this.kinds.add(facts.fault);
    const { unwritten } = budget;
    budget.unwritten = 0;
    const { status, cause, message } = fault;
    this.logger[level](
      { ...facts, ...(unwritten > 0 && { unwritten }), error: cause ?? fault },
      `${status}: ${message}`,
    );
  }

  private isNew(kind: string | undefined): boolean {
    return kind !== undefined && this.kinds.size < MAX_KINDS && !this.kinds.has(kind);
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

/** The same for faults that were thrown at the same place, whatever their texts say. */
function kindOf({ cause }: HubError): string {
  const { stack, message } = cause instanceof Error ? cause : { stack: undefined, message: String(cause) };
  const place = stack?.split('\n').find((line) => /^\s+at /.test(line) && !/\(node:|<anonymous>/.test(line));
  return digestOf(place ?? message);
}

/** FNV-1a with 32 bits, in hex: enough to tell the places of one program apart. */
function digestOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}
