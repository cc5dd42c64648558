import { describe, expect, it } from '@jest/globals';
import { MAX_HISTORY } from '../../src/commands/life/command.js';
import { transition } from '../../src/commands/life/transition.js';
import { tellHistory } from '../../src/commands/told-history.js';
import { later, madeCommand, T0 } from './support/made-command.js';

const sent = { at: T0, to: 'QUEUED', cause: 'sent', attempt: 0 } as const;
const lease = { is: 'lease', lock: 'l', session: '', leaseMs: 60_000 } as const;

describe('The history of a command', () => {
  it('is told in sentences with its causes and deliveries', () => {
    let command = madeCommand({ is: 'QUEUED', readyAt: T0 }, { seq: 7, history: [sent] });
    command = transition(command, lease, later(1_000)).command;
    command = transition(command, { is: 'time' }, later(61_000)).command;
    command = transition(command, { ...lease, lock: 'm' }, later(62_000)).command;
    command = transition(command, { is: 'complete', lock: 'm' }, later(63_000)).command;
    expect(tellHistory(command)).toEqual([
      { at: '2026-01-15T12:00:00.000Z', sentence: 'Command 7 became QUEUED: its producer sent it.' },
      {
        at: '2026-01-15T12:00:01.000Z',
        sentence: 'Command 7 became LEASED in delivery 1: a poll of the device was given it.',
      },
      {
        at: '2026-01-15T12:01:01.000Z',
        sentence: 'Command 7 became QUEUED in delivery 1: the device was silent until its lease was over.',
      },
      {
        at: '2026-01-15T12:01:02.000Z',
        sentence: 'Command 7 became LEASED in delivery 2: a poll of the device was given it.',
      },
      {
        at: '2026-01-15T12:01:03.000Z',
        sentence: 'Command 7 became SUCCEEDED in delivery 2: the device said that it is done.',
      },
    ]);
  });

  it('says how much of it is not kept', () => {
    const history = Array.from({ length: MAX_HISTORY }, () => sent);
    const told = tellHistory(madeCommand({ is: 'QUEUED', readyAt: T0 }, { history, forgotten: 3 }));
    expect(told).toHaveLength(MAX_HISTORY + 1);
    expect(told[0]).toEqual({ at: '2026-01-15T12:00:00.000Z', sentence: '3 earlier steps are not kept.' });
  });
});
