import { Load } from './load/load.js';
import type { LatencySummary } from './measure/latencies.js';
import { TICK_MICROS, untilQuiet, usageOf } from './measure/server-usage.js';
import type { Peer, PeerName, RunningPeer } from './peers/peer.js';
import type { BenchCase } from './plan.js';

/** What one server did in one turn. */
export interface TurnResult {
  readonly peer: PeerName;
  readonly deliveries: number;
  readonly deliveriesPerSecond: number;
  readonly latency: LatencySummary | undefined;
  /** user and system time of all server processes */
  readonly cpuMicrosPerDelivery: number;
  /** how far the figure above can be off because the system counts in ticks, as a share of it */
  readonly cpuUncertainty: number;
  /** growth of the servers' memory for each parked poll; `park` only */
  readonly bytesPerPoll: number | undefined;
}

/** One turn: a new server, a new load generator, a warm-up, the measured load, the checks. @throws BenchFault */
export async function takeTurn(peer: Peer, benchCase: BenchCase): Promise<TurnResult> {
  const server = await peer.start(benchCase);
  try {
    const load = await Load.start({ ...benchCase, target: server.target });
    try {
      return await measure(peer.name, server, benchCase, load);
    } finally {
      await load.stop();
    }
  } finally {
    await server.stop();
  }
}

async function measure(name: PeerName, server: RunningPeer, benchCase: BenchCase, load: Load): Promise<TurnResult> {
  await load.open();
  await untilQuiet(server.pids);
  const before = usageOf(server.pids);
  const { deliveries, seconds, latency } = await load.drive();
  await untilQuiet(server.pids);
  const after = usageOf(server.pids);
  await load.verify();
  const cpuMicros = after.cpuMicros - before.cpuMicros;
  const isPark = benchCase.scenario === 'park';
  return {
    peer: name,
    deliveries,
    deliveriesPerSecond: deliveries / seconds,
    latency,
    cpuMicrosPerDelivery: cpuMicros / deliveries,
    cpuUncertainty: TICK_MICROS / cpuMicros,
    bytesPerPoll: isPark ? (after.memoryBytes - before.memoryBytes) / deliveries : undefined,
  };
}
