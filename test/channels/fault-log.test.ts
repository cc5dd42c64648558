import { beforeEach, describe, expect, it } from '@jest/globals';
import { FaultLog } from '../../src/channels/fault-log.js';
import { HubError } from '../../src/channels/hub-error.js';
import { EngineError } from '../../src/engine/message-log.js';
import { ManualClock } from '../support/manual-clock.js';
import { RecordedLog } from '../support/recorded-log.js';

describe('FaultLog', () => {
  let clock: ManualClock;
  let log: RecordedLog;
  let faults: FaultLog;

  beforeEach(() => {
    clock = new ManualClock();
    log = new RecordedLog();
    faults = new FaultLog(log, clock);
  });

  it('writes what nobody foresaw with its cause, its status and the facts', () => {
    const error = new TypeError('x is undefined');
    faults.note(error, { location: '/pub' });
    expect(log.lines).toEqual([
      {
        level: 'error',
        facts: { location: '/pub', code: 'internal', error },
        sentence: '500: The hub failed: x is undefined',
      },
    ]);
  });

  it.each([
    ['engine_unavailable', 'error'],
    ['log_full', 'warn'],
  ] as const)('writes %s at level %s', (code, level) => {
    faults.note(new EngineError(code, 'It does not answer.'), {});
    expect(log.lines.map((line) => [line.level, line.facts.code])).toEqual([[level, code]]);
  });

  it('keeps silent about what is the affair of the client', () => {
    faults.note(new HubError('bad_json', 'The body is not JSON.'), {});
    faults.note(new HubError('stopping', 'The hub is about to stop.'), {});
    expect([log.lines, faults.total]).toEqual([[], 0]);
  });

  it('writes ten of a code at once, then one every ten seconds with how many were left out', () => {
    const fail = () => faults.note(new Error('again'), {});
    for (let i = 0; i < 1_000; i++) fail();
    expect(log.lines).toHaveLength(10);
    clock.advance(9_999);
    fail();
    expect(log.lines).toHaveLength(10);
    clock.advance(1);
    fail();
    fail();
    expect(log.lines).toHaveLength(11);
    expect(log.lines.at(-1)?.facts.unwritten).toBe(991);
    expect(faults.total).toBe(1_003);
  });

  it('lets a flood of one code hide no other', () => {
    for (let i = 0; i < 100; i++) faults.note(new EngineError('log_full', 'There is no room.'), {});
    faults.note(new Error('x is undefined'), {});
    expect(log.at('error')).toHaveLength(1);
  });

  it('allows ten again after a long quiet time, and not more', () => {
    const flood = () => {
      for (let i = 0; i < 50; i++) faults.note(new Error('again'), {});
    };
    flood();
    clock.advance(24 * 3_600_000);
    flood();
    expect(log.lines).toHaveLength(20);
  });
});
