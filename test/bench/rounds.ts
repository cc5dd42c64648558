import type { Peer } from './peers/peer.js';
import type { BenchCase, BenchPlan } from './plan.js';
import { type TurnResult, takeTurn } from './turn.js';

/** What all rounds of one case gave; a round has one turn of each peer, ours first. */
export interface CaseResult {
  readonly benchCase: BenchCase;
  readonly rounds: readonly (readonly TurnResult[])[];
}

/**
 * Runs all cases; within a case the servers take turns (A, B, A, B ...), so that what else happens on the machine meets all.
 * @param onCase called after each case
 * @throws BenchFault when a message is lost, repeated or out of order, or a server fails
 */
export async function runPlan(
  plan: BenchPlan,
  peers: readonly Peer[],
  onCase: (result: CaseResult) => void,
): Promise<CaseResult[]> {
  const results: CaseResult[] = [];
  for (const benchCase of plan.cases) {
    const rounds: TurnResult[][] = [];
    for (let round = 0; round < plan.rounds; round++) rounds.push(await runRound(peers, benchCase));
    const result = { benchCase, rounds };
    results.push(result);
    onCase(result);
  }
  return results;
}

async function runRound(peers: readonly Peer[], benchCase: BenchCase): Promise<TurnResult[]> {
  const turns: TurnResult[] = [];
  for (const peer of peers) turns.push(await takeTurn(peer, benchCase));
  return turns;
}
