import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Outcome, outcomeBody } from '../../src/commands/outcome.js';

const outcome = fc.record({
  id: fc.constant('01JB00000000000000000000AB'),
  device: fc.constantFrom('d', 'fan-1.local:80_x'),
  name: fc.constantFrom('fan.set', 'küche', 'a "b"', 'line\nbreak', '\ud800'),
  job: fc.constantFrom(undefined, '01JB00000000000000000000ZZ'),
  state: fc.constantFrom('QUEUED' as const, 'IN_PROGRESS' as const, 'SUCCEEDED' as const),
  attempt: fc.constantFrom(0, 9, 10, 123),
  at: fc.constant(new Date(0).toISOString()),
  cause: fc.constantFrom('sent', 'lease', 'not_acknowledged'),
  evidence: fc.constantFrom(undefined, 'acked'),
  late: fc.constantFrom(undefined, true as const),
  result: fc.constantFrom(undefined, { status: 200 }, { status: 500, data: { why: 'heiß' } }),
});

describe('The body of an outcome', () => {
  it('has the length that it says before it is made', () => {
    fc.assert(
      fc.property(outcome, (told) => {
        const body = outcomeBody(told);
        const text = body.write();
        expect(body.length).toBe(text.length);
        expect(JSON.parse(Buffer.from(text, 'latin1').toString())).toEqual(JSON.parse(JSON.stringify(told)));
      }),
    );
  });

  it('is what the device said, whatever becomes of that afterwards', () => {
    const data = { done: ['a'] };
    const [told] = fc.sample(outcome, 1);
    const body = outcomeBody({ ...(told as Outcome), result: { status: 200, data } });
    data.done.push('b');
    const text = body.write();
    expect(JSON.parse(Buffer.from(text, 'latin1').toString()).result).toEqual({ status: 200, data: { done: ['a'] } });
    expect(body.length).toBe(text.length);
  });
});
