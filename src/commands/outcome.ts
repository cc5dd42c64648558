import type { MessageChange } from '../engine/engine.js';
import type { CommandRules } from './command-rules.js';
import type { Command, CommandState, Transition } from './life/command.js';

/** A command's state as producers read it. */
export interface Outcome {
  readonly id: string;
  readonly device: string;
  readonly name: string;
  /** the job that sent it */
  readonly job?: string;
  readonly state: CommandState['is'];
  readonly attempt: number;
  /** RFC 3339 */
  readonly at: string;
  /** what brought it about */
  readonly cause: string;
  readonly evidence?: string;
  /** true: the news came after the lock was lost or the time was up */
  readonly late?: boolean;
  readonly result?: { readonly status: number; readonly data?: unknown };
}

/** The channel that tells every change of a command's state. */
export function outcomeChannel(device: string): string {
  return `devices/${device}/outcomes`;
}

export function outcomeOf(command: Command): Outcome {
  const { id, device, name, job, state, attempt } = command;
  const last = command.history.at(-1) as Transition;
  const at = new Date(last.at).toISOString();
  const names = { id, device, name, ...(job && { job: job.id }) };
  return { ...names, state: state.is, attempt, at, cause: last.cause, ...endOf(state) };
}

function endOf(state: CommandState): Pick<Outcome, 'evidence' | 'late' | 'result'> {
  switch (state.is) {
    case 'SUCCEEDED':
      return { evidence: state.evidence, ...newsOf(state) };
    case 'REJECTED':
    case 'FAILED':
      return newsOf(state);
    default:
      return {};
  }
}

function newsOf({ late, report }: Extract<CommandState, { late: boolean }>): Pick<Outcome, 'late' | 'result'> {
  return { ...(late ? { late } : {}), ...(report ? { result: report } : {}) };
}

export function outcomeMessage(command: Command, now: number, rules: CommandRules): MessageChange {
  const message = newsMessage(outcomeChannel(command.device), outcomeOf(command), now, rules);
  return { ...message, cause: command.origin };
}

/** A message that tells how far something is, kept as `devices.outcome_buffer_length` and `outcome_timeout` say. */
export function newsMessage(channel: string, news: object, now: number, rules: CommandRules): MessageChange {
  const { outcomeBufferLength, outcomeTimeoutMs } = rules;
  const message = {
    body: Buffer.from(JSON.stringify(news)),
    contentType: 'application/json',
    expiresAt: outcomeTimeoutMs === 0 ? Number.POSITIVE_INFINITY : now + outcomeTimeoutMs,
    store: true,
    keepAtMost: outcomeBufferLength,
    keepAtLeast: 0,
  };
  return { channel, message };
}
