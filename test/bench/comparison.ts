import { type Spread, spread } from './measure/spread.js';
import type { PeerName } from './peers/peer.js';
import type { CaseResult } from './rounds.js';
import type { TurnResult } from './turn.js';

/** The figures of one server over all rounds: medians. */
export interface PeerSummary {
  readonly peer: PeerName;
  readonly deliveriesPerSecond: number;
  readonly p50Ms: number | undefined;
  readonly p99Ms: number | undefined;
  readonly p999Ms: number | undefined;
  readonly cpuMicrosPerDelivery: number;
  /** the worst round's */
  readonly cpuUncertainty: number;
  readonly bytesPerPoll: number | undefined;
}

/** Another server's figures divided by ours, round by round: above 1, ours is better. */
export interface Comparison {
  readonly ours: PeerName;
  readonly other: PeerName;
  readonly cpu: Spread;
  /** undefined where the scenario has no such figure */
  readonly p99: Spread | undefined;
  readonly bytes: Spread | undefined;
}

/** The summary of each server, ours first. */
export function summaries({ rounds }: CaseResult): PeerSummary[] {
  const peers = (rounds[0] ?? []).map(({ peer }) => peer);
  return peers.map((peer) => summaryOf(peer, turnsOf(rounds, peer)));
}

/** Our server, the first of each round, compared with each other one. */
export function comparisons({ rounds }: CaseResult): Comparison[] {
  const [ours, ...others] = (rounds[0] ?? []).map(({ peer }) => peer);
  if (!ours) return [];
  return others.map((other) => {
    const pairs = turnsOf(rounds, ours).map(
      (our, round) => [our, turnsOf(rounds, other)[round]] as [TurnResult, TurnResult],
    );
    return {
      ours,
      other,
      cpu: spread(pairs.map(([our, its]) => its.cpuMicrosPerDelivery / our.cpuMicrosPerDelivery)),
      p99: ratios(pairs, ({ latency }) => latency?.p99Ms),
      bytes: ratios(pairs, ({ bytesPerPoll }) => bytesPerPoll),
    };
  });
}

function summaryOf(peer: PeerName, turns: readonly TurnResult[]): PeerSummary {
  return {
    peer,
    deliveriesPerSecond: spread(turns.map((turn) => turn.deliveriesPerSecond)).median,
    p50Ms: medianOf(turns, ({ latency }) => latency?.p50Ms),
    p99Ms: medianOf(turns, ({ latency }) => latency?.p99Ms),
    p999Ms: medianOf(turns, ({ latency }) => latency?.p999Ms),
    cpuMicrosPerDelivery: spread(turns.map((turn) => turn.cpuMicrosPerDelivery)).median,
    cpuUncertainty: Math.max(...turns.map(({ cpuUncertainty }) => cpuUncertainty)),
    bytesPerPoll: medianOf(turns, ({ bytesPerPoll }) => bytesPerPoll),
  };
}

type Figure = (turn: TurnResult) => number | undefined;

function medianOf(turns: readonly TurnResult[], figure: Figure): number | undefined {
  const values = turns.map(figure).filter((value) => value !== undefined);
  return values.length === 0 ? undefined : spread(values).median;
}

function ratios(pairs: readonly [TurnResult, TurnResult][], figure: Figure): Spread | undefined {
  const values = pairs.flatMap(([our, its]) => {
    const [ourValue, itsValue] = [figure(our), figure(its)];
    return ourValue === undefined || itsValue === undefined ? [] : [itsValue / ourValue];
  });
  return values.length === 0 ? undefined : spread(values);
}

function turnsOf(rounds: CaseResult['rounds'], peer: PeerName): TurnResult[] {
  return rounds.flatMap((turns) => turns.filter((turn) => turn.peer === peer));
}
