import type { Peer, PeerName } from './peers/peer.js';
import type { BenchCase, BenchPlan } from './plan.js';
import { type TurnResult, takeTurn } from './turn.js';

/** What all rounds of one case gave; a round has one turn of each peer, ours first. */
export interface CaseResult {
  readonly benchCase: BenchCase;
  readonly rounds: readonly (readonly TurnResult[])[];
}

/** Told of a run as it goes. */
export interface RunWatch {
  /** A turn begins. @param round from 0 */
  turn(benchCase: BenchCase, round: number, peer: PeerName): void;
  /** All rounds of a case are over. */
  result(result: CaseResult): void;
}

/**
 * Runs all cases; within a case the servers take turns (A, B, A, B ...), so that what else happens on the machine meets all.
 * @throws BenchFault when a message is lost, repeated or out of order, or a server fails
 */
export async function runPlan(plan: BenchPlan, peers: readonly Peer[], watch: RunWatch): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const benchCase of plan.cases) {
    const rounds: TurnResult[][] = [];
    for (let round = 0; round < plan.rounds; round++) rounds.push(await runRound(peers, benchCase, round, watch));
    const result = { benchCase, rounds };
    results.push(result);
    watch.result(result);
  }
  return results;
}

async function runRound(
  peers: readonly Peer[],
  benchCase: BenchCase,
  round: number,
  watch: RunWatch,
): Promise<TurnResult[]> {
  const turns: TurnResult[] = [];
  for (const peer of peers) {
    watch.turn(benchCase, round, peer.name);
    turns.push(await takeTurn(peer, benchCase));
  }
  return turns;
}
