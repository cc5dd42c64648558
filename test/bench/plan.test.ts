import { describe, expect, it } from '@jest/globals';
import { connectionsAllowed } from './descriptor-limit.js';
import { parseOptions } from './options.js';
import { caseName, planOf } from './plan.js';

const ALLOWED = 100_000;

function namesOf(argv: readonly string[], allowed = ALLOWED): string[] {
  return planOf(parseOptions(argv), allowed).cases.map(caseName);
}

describe('A plan', () => {
  it('has each scenario at its sizes, and a roundtrip at a fixed rate for its latency', () => {
    expect(namesOf(['--scenario', 'fanout,roundtrip,publish'])).toEqual([
      'fanout: 1,000 connections, bodies of 100 bytes',
      'fanout: 10,000 connections, bodies of 100 bytes',
      'roundtrip: 1,000 connections, bodies of 100 bytes',
      'roundtrip: 10,000 connections, bodies of 100 bytes',
      'roundtrip: 1,000 connections, bodies of 100 bytes, 2,000 messages/s',
      'publish: 64 connections, bodies of 100 bytes',
    ]);
  });

  it('has the sizes and the rate that were asked for instead', () => {
    expect(namesOf(['--scenario', 'roundtrip', '--conns', '5,7', '--rate', '10'])).toEqual([
      'roundtrip: 5 connections, bodies of 100 bytes, 10 messages/s',
      'roundtrip: 7 connections, bodies of 100 bytes, 10 messages/s',
    ]);
    expect(namesOf(['--rate', '10'])).toEqual(['roundtrip: 1,000 connections, bodies of 100 bytes, 10 messages/s']);
  });

  it('counts keys where devices share a few connections, as many as one likes', () => {
    expect(namesOf(['--scenario', 'turns,catch-up'], 1_000)).toEqual([
      'turns: 1 key',
      'turns: 100,000 keys',
      'catch-up: 1,000 keys',
    ]);
  });

  it('is short when it shall be quick', () => {
    const { cases, rounds } = planOf(parseOptions(['--quick']), ALLOWED);
    expect(rounds).toBe(1);
    expect(Math.max(...cases.map(({ connections }) => connections))).toBeLessThanOrEqual(500);
    expect(Math.max(...cases.map(({ bounds, warmUp }) => bounds.seconds + warmUp.seconds))).toBeLessThan(1);
  });

  it('bounds what a turn may send', () => {
    const [only] = planOf(parseOptions(['--scenario', 'publish', '--messages', '12', '--seconds', '4']), ALLOWED).cases;
    expect(only?.bounds).toEqual({ messages: 12, seconds: 4 });
    expect(only?.warmUp).toEqual({ messages: 12, seconds: 3 });
  });

  it('is refused when a process may not open as many files', () => {
    expect(() => planOf(parseOptions(['--scenario', 'park', '--conns', '500']), 384)).toThrow(
      '500 connections need 1,140 open files in a process, and the hard limit here is 1,024 (ulimit -Hn), enough for 384. ' +
        'Raise it as root with "ulimit -n 1140", or give fewer with --conns.',
    );
  });

  it('grows as far as the machine allows, and says so', () => {
    const plan = planOf(parseOptions(['--growth', '--scenario', 'park']), 19_360);
    expect(plan.cases.map(({ connections }) => connections)).toEqual([1_000, 10_000, 19_000]);
    expect(plan.notes).toEqual([
      expect.stringContaining('The growth ends at 19,000 connections. 50,000 connections need'),
    ]);
    const roomy = planOf(parseOptions(['--growth', '--scenario', 'park']), ALLOWED);
    expect(roomy.cases.map(({ connections }) => connections)).toEqual([1_000, 10_000, 50_000]);
    expect(roomy.notes).toEqual([]);
  });
});

describe('The limit of open files', () => {
  it('is the hard one', () => {
    expect(
      connectionsAllowed(
        'Limit   Soft   Hard   Units\nMax open files            1024                 20000                files\n',
      ),
    ).toBe(19_360);
    expect(connectionsAllowed('Max open files            1024                 unlimited            files\n')).toBe(
      Number.POSITIVE_INFINITY,
    );
  });

  it('is asked of a system that tells it', () => {
    expect(() => connectionsAllowed('')).toThrow('does not say how many files');
  });
});
