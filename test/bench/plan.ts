import { BenchFault } from './bench-fault.js';
import { connectionsAllowed, limitSentence } from './descriptor-limit.js';
import type { LoadBounds } from './load/budget.js';
import type { BenchOptions } from './options.js';
import type { ScenarioName } from './peers/peer.js';

/** One scenario at one size: a line of the report. */
export interface BenchCase {
  readonly scenario: ScenarioName;
  readonly connections: number;
  readonly bodyBytes: number;
  readonly rate: number | undefined;
  readonly warmUp: LoadBounds;
  readonly bounds: LoadBounds;
}

/** All that a run will do. */
export interface BenchPlan {
  readonly cases: readonly BenchCase[];
  readonly rounds: number;
  /** sentences about what this machine does not allow and is left out */
  readonly leftOut: readonly string[];
}

const CONNECTIONS: Record<ScenarioName, number> = {
  fanout: 1_000,
  roundtrip: 1_000,
  park: 10_000,
  publish: 64,
  drain: 64,
  'control-loop': 1_000,
};
const QUICK_CONNECTIONS: Record<ScenarioName, number> = {
  fanout: 200,
  roundtrip: 200,
  park: 500,
  publish: 16,
  drain: 16,
  'control-loop': 100,
};
const GROWTH_CONNECTIONS = [1_000, 10_000, 50_000];

const SECONDS = 3;
const QUICK_SECONDS = 0.3;
/** JIT compilers and memory pools have settled after this long. */
const WARM_UP_SECONDS = 1.5;
const MAX_MESSAGES = 10_000_000;

/**
 * Turns options into cases.
 * @param allowed connections that a process may have
 * @throws BenchFault when --conns asks for more than this machine allows
 */
export function planOf(options: BenchOptions, allowed = connectionsAllowed()): BenchPlan {
  const cases = options.scenarios.flatMap((scenario) =>
    sizesOf(options, scenario).map((connections) => caseOf(options, scenario, connections)),
  );
  const tooLarge = cases.filter(({ connections }) => connections > allowed);
  const [first] = tooLarge;
  if (first && !options.growth) throw new BenchFault(limitSentence(first.connections, allowed));
  return {
    cases: cases.filter((each) => !tooLarge.includes(each)),
    rounds: options.rounds ?? (options.quick ? 1 : 5),
    leftOut: tooLarge.map(
      ({ scenario, connections }) => `${scenario}: left out. ${limitSentence(connections, allowed)}`,
    ),
  };
}

function sizesOf({ connections, growth, quick }: BenchOptions, scenario: ScenarioName): readonly number[] {
  if (growth) return GROWTH_CONNECTIONS;
  return connections ?? [(quick ? QUICK_CONNECTIONS : CONNECTIONS)[scenario]];
}

function caseOf(options: BenchOptions, scenario: ScenarioName, connections: number): BenchCase {
  const { quick, bodyBytes, rate } = options;
  const seconds = options.seconds ?? (quick ? QUICK_SECONDS : SECONDS);
  const messages = options.messages ?? MAX_MESSAGES;
  const warmUp = { messages, seconds: Math.min(seconds, WARM_UP_SECONDS) };
  return { scenario, connections, bodyBytes, rate, warmUp, bounds: { messages, seconds } };
}
