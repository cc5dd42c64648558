import { describe, expect, it } from '@jest/globals';
import { hubFault } from '../../src/logic/loading/hub-range.js';

describe('The hubs that a plugin fits', () => {
  it.each([
    ['^0.1', ['0.1.0', '0.1.9', '0.1.3-rc.1'], ['0.0.9', '0.2.0', '1.1.0']],
    ['^0.1.2', ['0.1.2', '0.1.9'], ['0.1.1', '0.2.0']],
    ['^1.2', ['1.2.0', '1.10.0'], ['1.1.9', '2.0.0']],
    ['^0', ['0.1.0', '0.9.9'], ['1.0.0']],
    ['^0.0.3', ['0.0.3'], ['0.0.4']],
    ['0.1', ['0.1.0', '0.1.9'], ['0.2.0']],
    ['1', ['1.0.0', '1.9.0'], ['2.0.0', '0.1.0']],
    ['0.1.2', ['0.1.2'], ['0.1.3']],
    ['>=0.1.2', ['0.1.2', '0.2.0', '3.0.0'], ['0.1.1']],
  ])('are for %s %j and not %j', (range, fitting, others) => {
    for (const version of fitting) expect([version, hubFault(range, version)]).toEqual([version, undefined]);
    for (const version of others) {
      expect(hubFault(range, version)).toBe(
        `it is made for hub ${range}, and this one is ${version}. Install another version of the one or the other.`,
      );
    }
  });

  it.each([['latest'], [''], ['0.1.x'], [1], ['^0.1 || ^0.2']])(
    'are told in a way that is known, not as %j',
    (range) => {
      expect(hubFault(range, '0.1.0')).toBe(
        `hub is ${JSON.stringify(range)}; a range of versions such as "^0.1" or ">=0.1.2" is allowed.`,
      );
    },
  );
});
