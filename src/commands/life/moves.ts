import { assertNever } from '../../channels/assert-never.js';
import { withOne } from '../../channels/with-one.js';
import { returnDelayMs } from './backoff.js';
import { type CancelCause, type Command, type CommandState, type EndedState, MAX_HISTORY } from './command.js';
import type { Moment, ReportFact } from './fact.js';
import type { Step } from './step.js';

/** What of a command changes with its state when it is leased. */
export type Count = Pick<Command, 'attempt' | 'locks'>;

/** The command in its next state, with a line in its history. @param count as it is from now on */
export function moveTo(
  command: Command,
  state: CommandState,
  cause: string,
  { now }: Moment,
  { attempt, locks }: Count = command,
): Step {
  const history = withOne(command.history, { at: now, to: state.is, cause, attempt });
  const excess = history.length - MAX_HISTORY;
  if (excess > 0) history.splice(0, excess);
  const forgotten = command.forgotten + Math.max(excess, 0);
  // One copy for all that changes: a command has two dozen fields.
  return { command: { ...command, attempt, locks, state, history, forgotten }, verdict: 'done' };
}

export function end(command: Command, state: EndedState, cause: string, moment: Moment): Step {
  return moveTo(command, state, cause, moment);
}

export function cancel(command: Command, cause: CancelCause, moment: Moment): Step {
  return end(command, { is: 'CANCELED', at: moment.now, cause }, cause, moment);
}

/**
 * Back to the queue after a delivery that came to nothing, for a while at least; or to its end, when its time or its
 * deliveries are used up.
 * @param delayMs what the device asked for
 */
export function backToQueue(command: Command, cause: string, moment: Moment, delayMs = 0): Step {
  const { now, jitter, rules } = moment;
  if (command.attempt >= rules.maxDeliveries) return end(command, { is: 'DEAD', at: now }, cause, moment);
  if (now >= command.expiresAt) return end(command, { is: 'EXPIRED', at: now }, cause, moment);
  const readyAt = now + Math.max(delayMs, returnDelayMs(command.attempt, jitter));
  return moveTo(command, { is: 'QUEUED', readyAt }, cause, moment);
}

/** What a device says that can end a command. */
export type EndingFact = Exclude<ReportFact, { is: 'progress' | 'abandon' }>;

/** The end that a device's own words bring about. @param late the lock was lost, or the time was up */
export function reportedEnd(fact: EndingFact, { now }: Moment, late = false): EndedState {
  const base = { at: now, lock: fact.lock, late };
  switch (fact.is) {
    case 'ack':
      return { is: 'SUCCEEDED', ...base, evidence: 'acked' };
    case 'complete':
      return { is: 'SUCCEEDED', ...base, evidence: 'result' };
    case 'reject':
      return { is: 'REJECTED', ...base, report: { status: REFUSED, data: fact.data } };
    case 'result': {
      const { status, data } = fact;
      if (isDone(status)) return { is: 'SUCCEEDED', ...base, evidence: 'result', report: { status, data } };
      return { is: status < 500 ? 'REJECTED' : 'FAILED', ...base, report: { status, data } };
    }
    default:
      return assertNever(fact);
  }
}

/** True when the fact says all that the producer asked for, and says that it went well. */
export function isSuccess(command: Command, fact: ReportFact): fact is EndingFact {
  switch (fact.is) {
    case 'complete':
      return true;
    case 'result':
      return isDone(fact.status);
    case 'ack':
      return command.ack !== 'result';
    default:
      return false;
  }
}

/** The status that `reject` stands for. */
const REFUSED = 400;

function isDone(status: number): boolean {
  return status >= 200 && status < 300;
}
