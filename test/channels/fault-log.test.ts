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
    const told = faults.note(error, { location: '/pub' });
    const { fault, ...facts } = log.lines[0]?.facts ?? {};
    expect([log.lines[0]?.level, facts]).toEqual(['error', { location: '/pub', code: 'internal', error }]);
    expect(log.lines[0]?.sentence).toBe('500: The hub failed: x is undefined');
    expect([told.code, told.message]).toEqual([
      'internal',
      `The hub failed; its log has the cause beside "fault":"${fault}".`,
    ]);
  });

  it('gives faults of one place one id, and writes the first of each place whatever there is', () => {
    const here = () => faults.note(new Error(`again ${log.lines.length}`), {}).message;
    const ids = new Set<string>();
    for (let i = 0; i < 20; i++) ids.add(here());
    const elsewhere = faults.note(new TypeError('x is undefined'), {}).message;
    expect([ids.size, log.lines.length]).toEqual([1, 11]);
    expect(elsewhere).toContain(String(log.lines.at(-1)?.facts.fault));
  });

  it('gives what is no error an id of its own', () => {
    const messages = ['a', 'b', 'a'].map((thrown) => faults.note(thrown, {}).message);
    expect(new Set(messages).size).toBe(2);
    expect(messages[2]).toBe(messages[0]);
  });

  it('tells what was foreseen as it is', () => {
    expect(faults.note(new EngineError('log_full', 'The hub is full.'), {})).toMatchObject({
      code: 'log_full',
      message: 'The hub is full.',
    });
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
