import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { Decisions } from '../../../src/logic/explaining/decisions.js';
import type { Job } from '../../../src/logic/running/job.js';

describe('Decisions', () => {
  it('keep nothing of a long reason but its beginning', () => {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    const decisions = new Decisions(1_000);
    const heap = () => {
      collectGarbage();
      return process.memoryUsage().heapUsed;
    };
    const before = heap();
    for (let i = 0; i < 100; i++) decisions.note(JOB, i, { is: 'failed', effects: 0, reason: longReason(i) });
    expect(heap() - before).toBeLessThan(10 * 2 ** 20);
    expect(decisions.about('c', 5)[7]?.reason).toBe(longReason(7).slice(0, 500));
  });
});

const JOB = { handler: { name: 'a.b' }, input: { channel: 'c', position: 5 }, failures: 1 } as Job;

/** 500,000 characters */
const longReason = (number: number) => `${number} `.padEnd(500_000, 'no price for it; ');
