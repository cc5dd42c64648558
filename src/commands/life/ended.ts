import { assertNever } from '../../channels/assert-never.js';
import type { Command, EndedState, Evidence } from './command.js';
import type { Fact, Moment, ReportFact } from './fact.js';
import { type EndingFact, end, isSuccess, moveTo, reportedEnd } from './moves.js';
import { notNow, type Step, stay } from './step.js';

/** What still can happen to a command that has ended: late news, the same news again, and a second life for a dead one. */
export function afterEnd(command: Command, state: EndedState, fact: Fact, moment: Moment): Step {
  switch (fact.is) {
    case 'time':
    case 'flushed':
    case 'write_failed':
    case 'not_acknowledged':
      return stay(command);
    case 'lease':
      return notNow(command, 'conflict');
    case 'cancel':
      return state.is === 'CANCELED' ? notNow(command, 'repeated') : notNow(command, 'conflict');
    case 'redrive':
      return state.is === 'DEAD' ? redrive(command, moment) : notNow(command, 'conflict');
    case 'ack':
    case 'complete':
    case 'result':
    case 'progress':
    case 'abandon':
    case 'reject':
      return reportAfterEnd(command, state, fact, moment);
    default:
      return assertNever(fact);
  }
}

function reportAfterEnd(command: Command, state: EndedState, fact: ReportFact, moment: Moment): Step {
  if (!command.locks.includes(fact.lock)) return notNow(command, 'lock_lost');
  switch (state.is) {
    case 'CANCELED':
    case 'EXPIRED':
      return notNow(command, 'gone');
    case 'DEAD':
      return isSuccess(command, fact) ? late(command, fact, moment) : notNow(command, 'lock_lost');
    case 'TIMED_OUT':
      return moment.now < state.lateUntil ? afterTimeOut(command, fact, moment) : notNow(command, 'gone');
    case 'SUCCEEDED':
      return afterSuccess(command, state, fact, moment);
    case 'REJECTED':
    case 'FAILED':
      if (fact.lock === state.lock) return notNow(command, 'repeated');
      // Another delivery of the same command did the work: the higher of the two states counts.
      return isSuccess(command, fact) ? late(command, fact, moment) : notNow(command, 'lock_lost');
    default:
      return assertNever(state);
  }
}

/** Within the late window any end that the device tells is taken; that it is still at it is heard and changes nothing. */
function afterTimeOut(command: Command, fact: ReportFact, moment: Moment): Step {
  if (fact.is === 'result' || fact.is === 'reject' || isSuccess(command, fact)) return late(command, fact, moment);
  return notNow(command, 'late');
}

const STRENGTH: Record<Evidence, number> = { flushed: 0, acked: 1, result: 2 };

/** More evidence is added; nothing takes a success back. */
function afterSuccess(
  command: Command,
  state: Extract<EndedState, { is: 'SUCCEEDED' }>,
  fact: ReportFact,
  moment: Moment,
): Step {
  if (!isSuccess(command, fact)) return notNow(command, fact.lock === state.lock ? 'repeated' : 'lock_lost');
  const evidence = fact.is === 'ack' ? 'acked' : 'result';
  if (STRENGTH[evidence] <= STRENGTH[state.evidence]) return notNow(command, 'repeated');
  if (evidence === 'acked') return moveTo(command, { ...state, evidence }, fact.is, moment);
  return end(command, reportedEnd(fact, moment, state.late), fact.is, moment);
}

function late(command: Command, fact: EndingFact, moment: Moment): Step {
  return { ...end(command, reportedEnd(fact, moment, true), fact.is, moment), verdict: 'late' };
}

/** A dead command begins anew: its deliveries and its time to live, not its identity, history or old locks. */
function redrive(command: Command, moment: Moment): Step {
  const { now } = moment;
  const fresh = { ...command, attempt: 0, expiresAt: now + command.ttlMs };
  return moveTo(fresh, { is: 'QUEUED', readyAt: now }, 'redrive', moment);
}
