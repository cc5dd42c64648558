import { assertNever } from '../../channels/assert-never.js';
import { withOne } from '../../channels/with-one.js';
import { type Command, type CommandState, type EndedState, MAX_LOCKS } from './command.js';
import { afterEnd } from './ended.js';
import type { Fact, Moment, ReportFact } from './fact.js';
import { backToQueue, cancel, end, isSuccess, moveTo, reportedEnd } from './moves.js';
import { notNow, type Step, stay } from './step.js';

type In<Name extends CommandState['is']> = Extract<CommandState, { is: Name }>;

/**
 * A command's life: what becomes of it when something happens. Pure; the same command when nothing changes.
 *
 * The rules (docs/commands.md): success needs evidence; every lease counts unless its write failed; a lock says the same
 * thing twice without harm, and an old lock is only believed when it reports success; no state undoes a higher one.
 */
export function transition(command: Command, fact: Fact, moment: Moment): Step {
  const { state } = command;
  switch (state.is) {
    case 'SCHEDULED':
    case 'QUEUED':
      return whileWaiting(command, state, fact, moment);
    case 'LEASED':
      return whileLeased(command, state, fact, moment);
    case 'IN_PROGRESS':
      return whileInProgress(command, state, fact, moment);
    default:
      return afterEnd(command, state, fact, moment);
  }
}

function whileWaiting(command: Command, state: In<'SCHEDULED' | 'QUEUED'>, fact: Fact, moment: Moment): Step {
  switch (fact.is) {
    case 'time':
      return timePassed(command, state, moment);
    case 'lease':
      return lease(command, state, fact, moment);
    case 'cancel':
      return cancel(command, fact.cause, moment);
    case 'redrive':
      return notNow(command, 'conflict');
    case 'flushed':
    case 'write_failed':
    case 'not_acknowledged':
      return stay(command);
    case 'ack':
    case 'complete':
    case 'result':
    case 'progress':
    case 'abandon':
    case 'reject':
      return fromOldLock(command, fact, moment);
    default:
      return assertNever(fact);
  }
}

function whileLeased(command: Command, state: In<'LEASED'>, fact: Fact, moment: Moment): Step {
  switch (fact.is) {
    case 'flushed':
      if (fact.lock !== state.lock || command.ack !== 'none') return stay(command);
      return end(command, flushed(fact.lock, moment), fact.is, moment);
    case 'write_failed':
      return fact.lock === state.lock ? backToQueue(uncounted(command), fact.is, moment) : stay(command);
    case 'not_acknowledged':
      return backToQueue(command, fact.is, moment);
    case 'time':
      return moment.now < state.until ? stay(command) : backToQueue(command, 'lease_expired', moment);
    default:
      return whileHeld(command, state, fact, moment);
  }
}

function whileInProgress(command: Command, state: In<'IN_PROGRESS'>, fact: Fact, moment: Moment): Step {
  switch (fact.is) {
    case 'flushed':
    case 'write_failed':
    case 'not_acknowledged':
      // The device has said something under the lock since: it has the command, whatever became of the answer.
      return stay(command);
    case 'time': {
      if (moment.now < state.until) return stay(command);
      const lateUntil = moment.now + moment.rules.lateWindowMs;
      return end(command, { is: 'TIMED_OUT', at: moment.now, lock: state.lock, lateUntil }, 'no_result', moment);
    }
    default:
      return whileHeld(command, state, fact, moment);
  }
}

type HeldFact = Exclude<Fact, { is: 'flushed' | 'write_failed' | 'not_acknowledged' | 'time' }>;

/** What LEASED and IN_PROGRESS have in common: the device holds the lock. */
function whileHeld(command: Command, state: In<'LEASED' | 'IN_PROGRESS'>, fact: HeldFact, moment: Moment): Step {
  switch (fact.is) {
    case 'lease':
    case 'redrive':
      return notNow(command, 'conflict');
    case 'cancel':
      // A newer command replaces one that waits; what a device may be doing already is not taken back.
      return fact.cause === 'canceled' ? cancel(command, fact.cause, moment) : stay(command);
    case 'ack':
    case 'complete':
    case 'result':
    case 'progress':
    case 'abandon':
    case 'reject':
      if (fact.lock !== state.lock) return fromOldLock(command, fact, moment);
      return fromHolder(command, state, fact, moment);
    default:
      return assertNever(fact);
  }
}

function fromHolder(command: Command, state: In<'LEASED' | 'IN_PROGRESS'>, fact: ReportFact, moment: Moment): Step {
  switch (fact.is) {
    case 'ack':
      if (command.ack !== 'result') return end(command, reportedEnd(fact, moment), fact.is, moment);
      return state.is === 'LEASED' ? inProgress(command, state, fact.is, moment) : notNow(command, 'repeated');
    case 'progress':
      return inProgress(command, state, fact.is, moment);
    case 'abandon':
      return backToQueue(command, fact.is, moment, fact.delayMs);
    case 'complete':
    case 'result':
    case 'reject':
      return end(command, reportedEnd(fact, moment), fact.is, moment);
    default:
      return assertNever(fact);
  }
}

/** An old lock changes nothing, unless it reports success: then the work was done, and is not to be done again. */
function fromOldLock(command: Command, fact: ReportFact, moment: Moment): Step {
  if (!command.locks.includes(fact.lock) || !isSuccess(command, fact)) return notNow(command, 'lock_lost');
  return { ...end(command, reportedEnd(fact, moment, true), fact.is, moment), verdict: 'late' };
}

function timePassed(command: Command, state: In<'SCHEDULED' | 'QUEUED'>, moment: Moment): Step {
  const { now } = moment;
  if (state.is === 'SCHEDULED') {
    return now < state.notBefore ? stay(command) : moveTo(command, { is: 'QUEUED', readyAt: now }, 'due', moment);
  }
  return now < command.expiresAt ? stay(command) : end(command, { is: 'EXPIRED', at: now }, 'ttl_passed', moment);
}

function lease(
  command: Command,
  state: In<'SCHEDULED' | 'QUEUED'>,
  fact: Extract<Fact, { is: 'lease' }>,
  moment: Moment,
): Step {
  const { now } = moment;
  if (state.is === 'SCHEDULED' || now < state.readyAt || now >= command.expiresAt) return notNow(command, 'conflict');
  const { lock, session, leaseMs } = fact;
  const locks = withOne(command.locks, lock);
  if (locks.length > MAX_LOCKS) locks.shift();
  const counted = { attempt: command.attempt + 1, locks };
  return moveTo(command, { is: 'LEASED', lock, session, until: now + leaseMs }, fact.is, moment, counted);
}

function flushed(lock: string, { now }: Moment): EndedState {
  return { is: 'SUCCEEDED', at: now, evidence: 'flushed', lock, late: false };
}

/** The device never had the end of it, so the lease does not count and its lock was never in its hands. */
function uncounted(command: Command): Command {
  return { ...command, attempt: command.attempt - 1, locks: command.locks.slice(0, -1) };
}

function inProgress(command: Command, state: In<'LEASED' | 'IN_PROGRESS'>, cause: string, moment: Moment): Step {
  const { lock, session } = state;
  const until = moment.now + command.timeoutMs;
  return moveTo(command, { is: 'IN_PROGRESS', lock, session, until }, cause, moment);
}
