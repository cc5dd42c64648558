import { describe, expect, it } from '@jest/globals';
import type { AckLevel, Command, CommandState, StateName } from '../../../src/commands/life/command.js';
import type { Fact } from '../../../src/commands/life/fact.js';
import type { Verdict } from '../../../src/commands/life/step.js';
import { transition } from '../../../src/commands/life/transition.js';
import { later, lifeRules, madeCommand, T0 } from '../support/made-command.js';

const HELD = { lock: 'now', session: '', until: T0 + 60_000 };
const END = { at: T0, lock: 'now', late: false };

/** Each state as a command is in it that was leased twice, under the locks "old" and "now". */
const states: Record<StateName, CommandState> = {
  SCHEDULED: { is: 'SCHEDULED', notBefore: T0 + 5_000 },
  QUEUED: { is: 'QUEUED', readyAt: T0 },
  LEASED: { is: 'LEASED', ...HELD },
  IN_PROGRESS: { is: 'IN_PROGRESS', ...HELD },
  SUCCEEDED: { is: 'SUCCEEDED', ...END, evidence: 'acked' },
  REJECTED: { is: 'REJECTED', ...END, report: { status: 400 } },
  FAILED: { is: 'FAILED', ...END, report: { status: 500 } },
  TIMED_OUT: { is: 'TIMED_OUT', at: T0, lock: 'now', lateUntil: T0 + 60_000 },
  CANCELED: { is: 'CANCELED', at: T0, cause: 'canceled' },
  EXPIRED: { is: 'EXPIRED', at: T0 },
  DEAD: { is: 'DEAD', at: T0 },
};

const facts: Record<string, Fact> = {
  time: { is: 'time' },
  lease: { is: 'lease', lock: 'new', session: 's', leaseMs: 60_000 },
  flushed: { is: 'flushed', lock: 'now' },
  'write failed': { is: 'write_failed', lock: 'now' },
  'not acknowledged': { is: 'not_acknowledged' },
  cancel: { is: 'cancel', cause: 'canceled' },
  supersede: { is: 'cancel', cause: 'superseded' },
  drop: { is: 'cancel', cause: 'dropped' },
  redrive: { is: 'redrive' },
  ack: { is: 'ack', lock: 'now' },
  'old ack': { is: 'ack', lock: 'old' },
  complete: { is: 'complete', lock: 'now' },
  'old complete': { is: 'complete', lock: 'old' },
  'strange complete': { is: 'complete', lock: 'strange' },
  'result 200': { is: 'result', lock: 'now', status: 200, data: 1 },
  'old result 200': { is: 'result', lock: 'old', status: 200 },
  'result 404': { is: 'result', lock: 'now', status: 404 },
  'old result 404': { is: 'result', lock: 'old', status: 404 },
  'result 500': { is: 'result', lock: 'now', status: 500 },
  progress: { is: 'progress', lock: 'now' },
  'old progress': { is: 'progress', lock: 'old' },
  abandon: { is: 'abandon', lock: 'now', delayMs: 5_000 },
  'old abandon': { is: 'abandon', lock: 'old', delayMs: 0 },
  reject: { is: 'reject', lock: 'now', data: 'no' },
  'old reject': { is: 'reject', lock: 'old' },
};

/**
 * What becomes of a command with `ack: delivered`: rows are facts, columns states, a second after T0. A state alone: it is
 * that now, and the fact was taken. `=`: nothing changes. Behind a colon what is told instead of `done`.
 */
const table = `
                 | SCHEDULED       | QUEUED          | LEASED          | IN_PROGRESS     | SUCCEEDED       | REJECTED        | FAILED          | TIMED_OUT       | CANCELED    | EXPIRED     | DEAD
time             | =               | =               | =               | =               | =               | =               | =               | =               | =           | =           | =
lease            | =:conflict      | LEASED          | =:conflict      | =:conflict      | =:conflict      | =:conflict      | =:conflict      | =:conflict      | =:conflict  | =:conflict  | =:conflict
flushed          | =               | =               | =               | =               | =               | =               | =               | =               | =           | =           | =
write failed     | =               | =               | QUEUED          | =               | =               | =               | =               | =               | =           | =           | =
not acknowledged | =               | =               | QUEUED          | =               | =               | =               | =               | =               | =           | =           | =
cancel           | CANCELED        | CANCELED        | CANCELED        | CANCELED        | =:conflict      | =:conflict      | =:conflict      | =:conflict      | =:repeated  | =:conflict  | =:conflict
supersede        | CANCELED        | CANCELED        | =               | =               | =:conflict      | =:conflict      | =:conflict      | =:conflict      | =:repeated  | =:conflict  | =:conflict
drop             | CANCELED        | CANCELED        | =               | =               | =:conflict      | =:conflict      | =:conflict      | =:conflict      | =:repeated  | =:conflict  | =:conflict
redrive          | =:conflict      | =:conflict      | =:conflict      | =:conflict      | =:conflict      | =:conflict      | =:conflict      | =:conflict      | =:conflict  | =:conflict  | QUEUED
ack              | SUCCEEDED:late  | SUCCEEDED:late  | SUCCEEDED       | SUCCEEDED       | =:repeated      | =:repeated      | =:repeated      | SUCCEEDED:late  | =:gone      | =:gone      | SUCCEEDED:late
old ack          | SUCCEEDED:late  | SUCCEEDED:late  | SUCCEEDED:late  | SUCCEEDED:late  | =:repeated      | SUCCEEDED:late  | SUCCEEDED:late  | SUCCEEDED:late  | =:gone      | =:gone      | SUCCEEDED:late
complete         | SUCCEEDED:late  | SUCCEEDED:late  | SUCCEEDED       | SUCCEEDED       | SUCCEEDED       | =:repeated      | =:repeated      | SUCCEEDED:late  | =:gone      | =:gone      | SUCCEEDED:late
old complete     | SUCCEEDED:late  | SUCCEEDED:late  | SUCCEEDED:late  | SUCCEEDED:late  | SUCCEEDED       | SUCCEEDED:late  | SUCCEEDED:late  | SUCCEEDED:late  | =:gone      | =:gone      | SUCCEEDED:late
strange complete | =:lock_lost     | =:lock_lost     | =:lock_lost     | =:lock_lost     | =:lock_lost     | =:lock_lost     | =:lock_lost     | =:lock_lost     | =:lock_lost | =:lock_lost | =:lock_lost
result 200       | SUCCEEDED:late  | SUCCEEDED:late  | SUCCEEDED       | SUCCEEDED       | SUCCEEDED       | =:repeated      | =:repeated      | SUCCEEDED:late  | =:gone      | =:gone      | SUCCEEDED:late
old result 200   | SUCCEEDED:late  | SUCCEEDED:late  | SUCCEEDED:late  | SUCCEEDED:late  | SUCCEEDED       | SUCCEEDED:late  | SUCCEEDED:late  | SUCCEEDED:late  | =:gone      | =:gone      | SUCCEEDED:late
result 404       | =:lock_lost     | =:lock_lost     | REJECTED        | REJECTED        | =:repeated      | =:repeated      | =:repeated      | REJECTED:late   | =:gone      | =:gone      | =:lock_lost
old result 404   | =:lock_lost     | =:lock_lost     | =:lock_lost     | =:lock_lost     | =:lock_lost     | =:lock_lost     | =:lock_lost     | REJECTED:late   | =:gone      | =:gone      | =:lock_lost
result 500       | =:lock_lost     | =:lock_lost     | FAILED          | FAILED          | =:repeated      | =:repeated      | =:repeated      | FAILED:late     | =:gone      | =:gone      | =:lock_lost
progress         | =:lock_lost     | =:lock_lost     | IN_PROGRESS     | IN_PROGRESS     | =:repeated      | =:repeated      | =:repeated      | =:late          | =:gone      | =:gone      | =:lock_lost
old progress     | =:lock_lost     | =:lock_lost     | =:lock_lost     | =:lock_lost     | =:lock_lost     | =:lock_lost     | =:lock_lost     | =:late          | =:gone      | =:gone      | =:lock_lost
abandon          | =:lock_lost     | =:lock_lost     | QUEUED          | QUEUED          | =:repeated      | =:repeated      | =:repeated      | =:late          | =:gone      | =:gone      | =:lock_lost
old abandon      | =:lock_lost     | =:lock_lost     | =:lock_lost     | =:lock_lost     | =:lock_lost     | =:lock_lost     | =:lock_lost     | =:late          | =:gone      | =:gone      | =:lock_lost
reject           | =:lock_lost     | =:lock_lost     | REJECTED        | REJECTED        | =:repeated      | =:repeated      | =:repeated      | REJECTED:late   | =:gone      | =:gone      | =:lock_lost
old reject       | =:lock_lost     | =:lock_lost     | =:lock_lost     | =:lock_lost     | =:lock_lost     | =:lock_lost     | =:lock_lost     | REJECTED:late   | =:gone      | =:gone      | =:lock_lost
`;

function inState(name: StateName, more: Partial<Command> = {}): Command {
  return madeCommand(states[name], { attempt: 2, locks: ['old', 'now'], ...more });
}

const cells = table
  .trim()
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .map(([fact = '', ...row]) => ({ fact, row }));
const [header, ...rows] = cells;

describe('A command to which something happens', () => {
  it('has a line for every fact, and a column for every state', () => {
    expect(new Set(header?.row)).toEqual(new Set(Object.keys(states)));
    expect(new Set(rows.map(({ fact }) => fact))).toEqual(new Set(Object.keys(facts)));
  });

  const cases = rows.flatMap(({ fact, row }) =>
    row.map((cell, i) => [fact, header?.row[i] as StateName, cell] as const),
  );
  it.each(cases)('%s when it is %s: %s', (factName, from, cell) => {
    const command = inState(from);
    const step = transition(command, facts[factName] as Fact, later(1_000));
    const [to, verdict = 'done'] = cell.split(':');
    expect(step.verdict).toBe(verdict as Verdict);
    if (to === '=') expect(step.command).toBe(command);
    else expect(step.command).toMatchObject({ state: { is: to }, history: [{ at: T0 + 1_000, to }] });
  });
});

describe('What a success rests on', () => {
  const levels: [AckLevel, Fact, string][] = [
    ['none', { is: 'flushed', lock: 'now' }, 'SUCCEEDED'],
    ['none', { is: 'flushed', lock: 'old' }, 'LEASED'],
    ['delivered', { is: 'flushed', lock: 'now' }, 'LEASED'],
    ['none', { is: 'ack', lock: 'now' }, 'SUCCEEDED'],
    ['delivered', { is: 'ack', lock: 'now' }, 'SUCCEEDED'],
    ['result', { is: 'ack', lock: 'now' }, 'IN_PROGRESS'],
    ['result', { is: 'ack', lock: 'old' }, 'LEASED'],
    ['result', { is: 'complete', lock: 'now' }, 'SUCCEEDED'],
  ];
  it.each(levels)('with ack %s, %j makes a leased command %s', (ack, fact, to) => {
    const { command } = transition(inState('LEASED', { ack }), fact, later(1_000));
    expect(command.state.is).toBe(to);
  });

  it('grows with more evidence, and never shrinks', () => {
    const told: Fact[] = [
      { is: 'flushed', lock: 'now' },
      { is: 'ack', lock: 'now' },
      { is: 'result', lock: 'now', status: 200, data: 'x' },
      { is: 'ack', lock: 'now' },
      { is: 'result', lock: 'now', status: 500 },
    ];
    let command = inState('LEASED', { ack: 'none' });
    const evidence = told.map((fact) => {
      command = transition(command, fact, later(1_000)).command;
      return command.state.is === 'SUCCEEDED' && command.state.evidence;
    });
    expect(evidence).toEqual(['flushed', 'acked', 'result', 'result', 'result']);
    expect(command.state).toMatchObject({ report: { status: 200, data: 'x' } });
  });
});

describe('Time', () => {
  it.each([
    ['SCHEDULED', 5_000, { is: 'QUEUED', readyAt: T0 + 5_000 }],
    ['QUEUED', 3_600_000, { is: 'EXPIRED', at: T0 + 3_600_000 }],
    ['LEASED', 60_000, { is: 'QUEUED', readyAt: T0 + 60_500 }],
    ['IN_PROGRESS', 60_000, { is: 'TIMED_OUT', at: T0 + 60_000, lock: 'now', lateUntil: T0 + 120_000 }],
  ] as const)('changes a command that is %s after %i ms, and not before', (from, ms, state) => {
    expect(transition(inState(from), { is: 'time' }, later(ms - 1)).command).toEqual(inState(from));
    expect(transition(inState(from), { is: 'time' }, later(ms)).command.state).toEqual(state);
  });

  it('ends the late window', () => {
    const fact: Fact = { is: 'complete', lock: 'now' };
    expect(transition(inState('TIMED_OUT'), fact, later(59_999)).verdict).toBe('late');
    expect(transition(inState('TIMED_OUT'), fact, later(60_000)).verdict).toBe('gone');
  });

  it('keeps a command from being leased before it is ready and after it has expired', () => {
    const fact = facts.lease as Fact;
    const waiting = madeCommand({ is: 'QUEUED', readyAt: T0 + 250 });
    expect(transition(waiting, fact, later(249)).verdict).toBe('conflict');
    expect(transition(waiting, fact, later(250)).command).toMatchObject({ attempt: 1, locks: ['new'] });
    expect(transition(waiting, fact, later(3_600_000)).verdict).toBe('conflict');
  });
});

describe('A return to the queue', () => {
  it('waits longer with each attempt, with jitter, and at most 45 s', () => {
    const wait = (attempt: number, jitter: number) => {
      const moment = { ...later(0), jitter, rules: { ...lifeRules, maxDeliveries: 99 } };
      const { state } = transition(inState('LEASED', { attempt }), { is: 'not_acknowledged' }, moment).command;
      return state.is === 'QUEUED' ? state.readyAt - T0 : 0;
    };
    expect([wait(1, 0), wait(1, 0.999), wait(2, 0), wait(5, 0), wait(20, 0), wait(20, 0.999)]).toEqual([
      250, 375, 500, 4_000, 30_000, 44_985,
    ]);
  });

  it('waits as long as the device asks for, at least as long as otherwise', () => {
    const { state } = transition(inState('LEASED'), { is: 'abandon', lock: 'now', delayMs: 9_000 }, later(0)).command;
    expect(state).toEqual({ is: 'QUEUED', readyAt: T0 + 9_000 });
  });

  it('is the end when no delivery is left, or the ttl has passed', () => {
    const last = transition(inState('LEASED', { attempt: 3 }), { is: 'not_acknowledged' }, later(0)).command;
    expect(last.state).toEqual({ is: 'DEAD', at: T0 });
    const old = transition(inState('LEASED', { expiresAt: T0 + 1 }), { is: 'not_acknowledged' }, later(1)).command;
    expect(old.state).toEqual({ is: 'EXPIRED', at: T0 + 1 });
  });

  it('does not count a write that failed, whose lock nobody can have', () => {
    const fact: Fact = { is: 'write_failed', lock: 'now' };
    const { command } = transition(inState('LEASED', { attempt: 3 }), fact, later(0));
    expect(command).toMatchObject({ attempt: 2, locks: ['old'], state: { is: 'QUEUED' } });
  });
});

describe('A dead command that is driven again', () => {
  it('has its deliveries and its time again, and keeps its locks and history', () => {
    const dead = inState('DEAD', {
      expiresAt: T0 - 1,
      history: [{ at: T0, to: 'DEAD', cause: 'lease_expired', attempt: 3 }],
    });
    const { command } = transition(dead, { is: 'redrive' }, later(1_000));
    expect(command).toMatchObject({ attempt: 0, expiresAt: T0 + 3_601_000, locks: ['old', 'now'] });
    expect(command.history.map(({ to }) => to)).toEqual(['DEAD', 'QUEUED']);
  });
});

describe('The history', () => {
  it('keeps the last 64 transitions and counts the others', () => {
    let command = inState('LEASED');
    for (let i = 0; i < 70; i++) command = transition(command, { is: 'progress', lock: 'now' }, later(i)).command;
    expect(command.history).toHaveLength(64);
    expect(command.forgotten).toBe(6);
    expect(command.history.at(-1)).toMatchObject({ at: T0 + 69 });
  });
});
