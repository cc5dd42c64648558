import type { Command, CommandState } from '../../../src/commands/life/command.js';
import type { LifeRules, Moment } from '../../../src/commands/life/fact.js';

export const T0 = Date.UTC(2026, 0, 15, 12);
export const lifeRules: LifeRules = { maxDeliveries: 3, lateWindowMs: 60_000 };

/** A moment `ms` after T0, without jitter. */
export function later(ms: number, rules: LifeRules = lifeRules): Moment {
  return { now: T0 + ms, jitter: 0, rules };
}

/** A command that was sent at T0, as it would be in `state`. */
export function madeCommand(state: CommandState, more: Partial<Command> = {}): Command {
  return {
    ...{ id: '01', device: 'd1', seq: 1, name: 'a', paramsJson: '{}', ack: 'delivered', lane: 'main', priority: 0 },
    ...{ key: undefined, createdAt: T0, ttlMs: 3_600_000, expiresAt: T0 + 3_600_000, timeoutMs: 30_000 },
    ...{ attempt: 0, locks: [], history: [], forgotten: 0 },
    ...more,
    state,
  };
}
