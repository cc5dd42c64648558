import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { OutcomeBody } from '../../src/commands/outcome.js';

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
        const body = new OutcomeBody(told);
        const text = body.write();
        expect(body.length).toBe(text.length);
        expect(JSON.parse(Buffer.from(text, 'latin1').toString())).toEqual(JSON.parse(JSON.stringify(told)));
      }),
    );
  });
});
