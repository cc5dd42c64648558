import { describe, expect, it } from '@jest/globals';
import { comparisons, summaries } from './comparison.js';
import { latencyOf, resultOf, turnOf } from './support/results.js';

describe('The comparison of two servers', () => {
  it('divides round by round, for what slows the machine down meets both turns of a round', () => {
    const result = resultOf([
      [turnOf('signalbox', { cpuMicrosPerDelivery: 10 }), turnOf('nchan', { cpuMicrosPerDelivery: 12 })],
      [turnOf('signalbox', { cpuMicrosPerDelivery: 100 }), turnOf('nchan', { cpuMicrosPerDelivery: 110 })],
      [turnOf('signalbox', { cpuMicrosPerDelivery: 20 }), turnOf('nchan', { cpuMicrosPerDelivery: 20 })],
    ]);
    const [comparison, ...more] = comparisons(result);
    expect(more).toEqual([]);
    expect(comparison).toMatchObject({ ours: 'signalbox', other: 'nchan', cpu: { median: 1.1, min: 1, max: 1.2 } });
  });

  it('has latency and memory where the scenario has them', () => {
    const turn = { latency: latencyOf(4), bytesPerPoll: 5_000 };
    const result = resultOf([
      [turnOf('signalbox', turn), turnOf('nchan', { latency: latencyOf(2), bytesPerPoll: 10_000 })],
    ]);
    expect(comparisons(result)[0]).toMatchObject({ p99: { median: 0.5 }, bytes: { median: 2 } });
    expect(comparisons(resultOf([[turnOf('signalbox'), turnOf('nchan')]]))[0]).toMatchObject({
      p99: undefined,
      bytes: undefined,
    });
  });

  it('is nothing for one server', () => {
    expect(comparisons(resultOf([[turnOf('signalbox')]]))).toEqual([]);
  });
});

describe('The summary of a server', () => {
  it('has the median of each figure, and the uncertainty of the worst round', () => {
    const rounds = [1, 5, 2].map((factor) => [
      turnOf('signalbox', {
        cpuMicrosPerDelivery: factor,
        deliveriesPerSecond: factor * 100,
        latency: latencyOf(factor),
        cpuUncertainty: factor / 100,
      }),
    ]);
    expect(summaries(resultOf(rounds))).toEqual([
      {
        peer: 'signalbox',
        deliveriesPerSecond: 200,
        p50Ms: 0.5,
        p99Ms: 2,
        p999Ms: 4,
        cpuMicrosPerDelivery: 2,
        cpuUncertainty: 0.05,
        bytesPerPoll: undefined,
      },
    ]);
  });
});
