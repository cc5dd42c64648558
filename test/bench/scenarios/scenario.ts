import { setTimeout as pause } from 'node:timers/promises';
import type { LoadBounds } from '../load/budget.js';
import type { Latencies } from '../measure/latencies.js';

/** One kind of load with its checks. Any step throws a BenchFault as soon as a message is lost, repeated or out of order. */
export interface Scenario {
  /** Gives load that is not measured, so that the server's code and buffers are what they will be. */
  warmUp(bounds: LoadBounds): Promise<void>;
  /** Gives the measured load. @returns deliveries */
  drive(bounds: LoadBounds, latencies: Latencies): Promise<number>;
  /** Checks that everything published has arrived and nothing else comes. */
  verify(): Promise<void>;
  close(): void;
}

const STRAY_MS = 200;

/** Leaves open polls a moment longer: a message that is sent twice shows now, as one that nobody was due to get. */
export async function awaitStrays(): Promise<void> {
  await pause(STRAY_MS);
}
