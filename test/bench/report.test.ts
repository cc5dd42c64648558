import { describe, expect, it } from '@jest/globals';
import { caseReport, growthReport, ratioTables } from './report.js';
import { latencyOf, resultOf, turnOf } from './support/results.js';

const versus = resultOf([
  [
    turnOf('signalbox', { deliveriesPerSecond: 81_234.5, latency: latencyOf(4), cpuUncertainty: 0.06 }),
    turnOf('nchan', { cpuMicrosPerDelivery: 12, latency: latencyOf(3) }),
  ],
]);

describe('The report of a case', () => {
  it('has a line for each server and one for the ratios', () => {
    const [title, head, ours, its, ratios, ...more] = caseReport(versus).split('\n');
    expect(title).toBe('fanout: 1,000 connections, bodies of 100 bytes, 1 round');
    expect(head?.trim().split(/ {2,}/)).toEqual([
      'deliveries/s',
      'p50 ms',
      'p99 ms',
      'p99.9 ms',
      'CPU µs/delivery',
      'bytes/poll',
    ]);
    expect(ours?.trim().split(/ +/)).toEqual(['signalbox', '81,235', '1.00', '4.00', '8.00', '~10.0', '-']);
    expect(its?.trim().split(/ +/)).toEqual(['nchan', '500', '0.75', '3.00', '6.00', '12.0', '-']);
    expect(ratios).toBe(
      '  nchan / signalbox (above 1: signalbox is better): CPU 1.20 (1.20..1.20), p99 0.75 (0.75..0.75)',
    );
    expect(more).toEqual([]);
  });
});

describe('The table of ratios', () => {
  it('has a row for each case', () => {
    const park = resultOf([[turnOf('signalbox', { bytesPerPoll: 4_000 }), turnOf('nchan', { bytesPerPoll: 10_000 })]], {
      scenario: 'park',
    });
    expect(ratioTables([versus, park]).split('\n')).toEqual([
      'nchan / signalbox, median (least..most) of the rounds; above 1, signalbox is better',
      '',
      '| | CPU per delivery | p99 | bytes per poll |',
      '|---|---|---|---|',
      '| fanout: 1,000 connections, bodies of 100 bytes | 1.20 (1.20..1.20) | 0.75 (0.75..0.75) | - |',
      '| park: 1,000 connections, bodies of 100 bytes | 1.00 (1.00..1.00) | - | 2.50 (2.50..2.50) |',
    ]);
  });

  it('is empty when nothing was compared', () => {
    expect(ratioTables([resultOf([[turnOf('signalbox')]])])).toBe('');
  });
});

describe('The report of growth', () => {
  const sized = (connections: number, cpuMicrosPerDelivery: number, rate?: number) =>
    resultOf([[turnOf('signalbox', { cpuMicrosPerDelivery })]], { connections, rate });

  it('compares the smallest and the largest size of a scenario', () => {
    expect(growthReport([sized(10_000, 12), sized(50_000, 15), sized(1_000, 10)])).toBe(
      'signalbox, fanout: CPU per delivery x 1.50 from 1,000 to 50,000 connections',
    );
  });

  it('leaves out what ran at a fixed rate, and scenarios of one size', () => {
    expect(growthReport([sized(1_000, 10), sized(2_000, 50, 100)])).toBe('');
  });
});
