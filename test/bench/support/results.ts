import type { PeerName } from '../peers/peer.js';
import type { BenchCase } from '../plan.js';
import type { CaseResult } from '../rounds.js';
import type { TurnResult } from '../turn.js';

/** A turn with figures of its own and plain ones for the rest. */
export function turnOf(peer: PeerName, figures: Partial<TurnResult> = {}): TurnResult {
  return {
    peer,
    deliveries: 1000,
    deliveriesPerSecond: 500,
    latency: undefined,
    cpuMicrosPerDelivery: 10,
    cpuUncertainty: 0.01,
    bytesPerPoll: undefined,
    ...figures,
  };
}

export function latencyOf(p99Ms: number): TurnResult['latency'] {
  return { p50Ms: p99Ms / 4, p99Ms, p999Ms: p99Ms * 2, maxMs: p99Ms * 3 };
}

export function resultOf(rounds: CaseResult['rounds'], benchCase: Partial<BenchCase> = {}): CaseResult {
  const bounds = { messages: 1, seconds: 1 };
  return {
    benchCase: {
      scenario: 'fanout',
      connections: 1000,
      bodyBytes: 100,
      rate: undefined,
      warmUp: bounds,
      bounds,
      ...benchCase,
    },
    rounds,
  };
}
