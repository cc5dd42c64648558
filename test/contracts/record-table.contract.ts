import { describe } from '@jest/globals';
import { changeSetsOf } from './record-table/change-sets.js';
import type { MakeEngine } from './record-table/engine-under-test.js';
import { rangesOf } from './record-table/ranges.js';
import { recordsOf } from './record-table/records.js';

/**
 * What the ports RecordTable and Engine promise of records, as tests. Every engine runs the whole of it.
 * @param name the engine, as the test report shall call it
 * @param makeEngine makes an empty engine for one test
 */
export function recordTableContract(name: string, makeEngine: MakeEngine): void {
  describe(`${name} as a keeper of records`, () => {
    describe('records', () => recordsOf(makeEngine));
    describe('ranges', () => rangesOf(makeEngine));
    describe('change sets', () => changeSetsOf(makeEngine));
  });
}
