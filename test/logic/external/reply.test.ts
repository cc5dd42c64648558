import { expect, it } from '@jest/globals';
import { readReply } from '../../../src/logic/external/reply.js';

it('A reply with more faults than are told is told the first ones, and how many more there are', () => {
  const members = Array.from({ length: 100_000 }, (_, i) => [`c${i}`, []]);
  const refused = () => readReply({ ...Object.fromEntries(members), commands: 5, skip: 'nothing to do' });
  expect(refused).toThrow(
    expect.objectContaining({
      code: 'invalid_payload',
      message: expect.stringMatching(
        /^"c0" is not known here; .* "c19" is not known here; .* There are 99982 more faults\.$/,
      ),
    }),
  );
});
