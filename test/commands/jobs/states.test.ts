import { describe, expect, it } from '@jest/globals';
import { advance } from '../../../src/commands/jobs/advance.js';
import { paceOf } from '../../../src/commands/jobs/pace.js';
import type { JobPlan } from '../../../src/commands/jobs/plan.js';
import { BEGUN, type JobProgress, type JobState } from '../../../src/commands/jobs/progress.js';
import { type JobRequest, request } from '../../../src/commands/jobs/request.js';
import { nextWork, type Work } from '../../../src/commands/jobs/work.js';

const T0 = Date.UTC(2026, 0, 15, 12);
const plan: JobPlan = {
  id: 'j',
  createdAt: T0,
  command: { name: 'a', paramsJson: '{}', options: {} },
  selector: { by: 'list', count: 10 },
  limits: { rate: '5/s', pace: paceOf('5/s') },
};
const states = {
  RUNNING: { is: 'RUNNING' },
  PAUSED: { is: 'PAUSED', at: T0 },
  STOPPED: { is: 'STOPPED', at: T0, cause: 'failures' },
  CANCELED: { is: 'CANCELED', at: T0, cause: 'canceled' },
  DONE: { is: 'DONE', at: T0 },
} as const satisfies Record<JobState['is'], JobState>;

/** Ten devices, four of which have their command, in a state. */
function jobIn(state: JobState, more: Partial<JobProgress> = {}): JobProgress {
  return { ...BEGUN, stage: 'rollout', total: 10, next: 4, claimed: 4, handled: 4, state, ...more };
}

describe('A job that an operator asks something of', () => {
  it.each<[JobState['is'], JobRequest, string, JobState['is']]>([
    ['RUNNING', 'pause', 'done', 'PAUSED'],
    ['RUNNING', 'resume', 'repeated', 'RUNNING'],
    ['RUNNING', 'cancel', 'done', 'CANCELED'],
    ['PAUSED', 'pause', 'repeated', 'PAUSED'],
    ['PAUSED', 'resume', 'done', 'RUNNING'],
    ['PAUSED', 'cancel', 'done', 'CANCELED'],
    ['STOPPED', 'pause', 'conflict', 'STOPPED'],
    ['STOPPED', 'resume', 'done', 'RUNNING'],
    ['STOPPED', 'cancel', 'done', 'CANCELED'],
    ['CANCELED', 'pause', 'conflict', 'CANCELED'],
    ['CANCELED', 'resume', 'conflict', 'CANCELED'],
    ['CANCELED', 'cancel', 'repeated', 'CANCELED'],
    ['DONE', 'pause', 'conflict', 'DONE'],
    ['DONE', 'resume', 'conflict', 'DONE'],
    ['DONE', 'cancel', 'conflict', 'DONE'],
  ])('when %s and asked to %s: %s, and it is %s', (before, asked, verdict, after) => {
    const answer = request(jobIn(states[before]), asked, plan, T0);
    expect([answer.verdict, answer.progress.state.is]).toEqual([verdict, after]);
  });
});

describe('The next work of a job', () => {
  const claimed = { claimed: 7 };
  const looked = { withdrawn: 4 };
  it.each<[JobState['is'], Partial<JobProgress>, Work]>([
    ['RUNNING', { stage: 'selecting', total: 0, next: 0, claimed: 0 }, 'select'],
    ['RUNNING', {}, { send: 5 }],
    ['RUNNING', { next: 8, claimed: 8 }, { send: 2 }],
    ['RUNNING', { pace: { left: 3, until: T0 + 500 } }, { send: 3 }],
    ['RUNNING', { pace: { left: 0, until: T0 + 500 } }, 'nothing'],
    ['RUNNING', { pace: { left: 0, until: T0 } }, { send: 5 }],
    ['RUNNING', claimed, { send: 0 }],
    ['RUNNING', { next: 10, claimed: 10 }, 'nothing'],
    ['PAUSED', {}, 'nothing'],
    ['PAUSED', claimed, 'nothing'],
    ['STOPPED', {}, 'withdraw'],
    ['STOPPED', looked, 'nothing'],
    ['CANCELED', claimed, 'count'],
    ['CANCELED', {}, 'withdraw'],
    ['CANCELED', looked, 'nothing'],
    ['DONE', {}, 'nothing'],
  ])('when %s with %j is %j', (state, more, work) => {
    expect(nextWork(jobIn(states[state], more), plan, T0)).toEqual(work);
  });
});

describe('A fact', () => {
  it('of a claim takes from the pace; what was claimed before a crash takes all of it', () => {
    const claimOf = (count: number) => advance(jobIn(states.RUNNING), { is: 'claimed', count }, plan, T0);
    expect(claimOf(2)).toMatchObject({ next: 4, claimed: 6, pace: { left: 3, until: T0 + 1_000 } });
    expect(claimOf(0)).toMatchObject({ claimed: 4, pace: { left: 0, until: T0 + 1_000 } });
  });

  it('of sending counts those that have their command, not those that will never be sent it', () => {
    const job = jobIn(states.CANCELED, { claimed: 7 });
    const after = advance(job, { is: 'sent', handled: 2, refused: 1 }, plan, T0);
    expect(after).toMatchObject({ next: 7, handled: 6, ended: { REFUSED: 1 } });
  });

  it('of the last end makes it done, also while it is paused, and not while it is stopped', () => {
    const last = { is: 'told', moves: [{ from: undefined, to: 'SUCCEEDED' }] } as const;
    const after = (state: JobState) => {
      const job = jobIn(state, { total: 4, ended: { SUCCEEDED: 3 } });
      return advance(job, last, plan, T0).state.is;
    };
    expect(Object.values(states).map(after)).toEqual(['DONE', 'DONE', 'STOPPED', 'CANCELED', 'DONE']);
  });
});
