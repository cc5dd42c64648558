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

/** A case in words, for the report and the progress. */
export function caseName({ scenario, connections, bodyBytes, rate }: BenchCase): string {
  const pace = rate === undefined ? '' : `, ${rate.toLocaleString('en')} messages/s`;
  if (KEYED.includes(scenario))
    return `${scenario}: ${connections === 1 ? '1 key' : `${connections.toLocaleString('en')} keys`}`;
  const bodies = scenario === 'control-loop' ? '' : `, bodies of ${bodyBytes.toLocaleString('en')} bytes`;
  return `${scenario}: ${connections.toLocaleString('en')} connections${bodies}${pace}`;
}

/** All that a run will do. */
export interface BenchPlan {
  readonly cases: readonly BenchCase[];
  readonly rounds: number;
  /** sentences about what this machine does not allow */
  readonly notes: readonly string[];
}

/** Connections, and messages a second when they are not as many as possible. */
type Size = Pick<BenchCase, 'connections' | 'rate'>;
type Sizes = Record<ScenarioName, readonly Size[]>;

const SIZES: Sizes = {
  fanout: sizes([1_000, 10_000]),
  // The last one shows how long a command takes when the server is not driven as hard as it can be.
  roundtrip: [...sizes([1_000, 10_000]), { connections: 1_000, rate: 2_000 }],
  park: sizes([10_000]),
  publish: sizes([64]),
  drain: sizes([64]),
  'control-loop': sizes([1_000]),
  commands: [{ connections: 10_000, rate: 1_000 }],
  // As many keys as there may be turns at once and more, and one key, whose turns wait for each other.
  turns: sizes([1, 100_000]),
  'catch-up': sizes([1_000]),
};
const QUICK_SIZES: Sizes = {
  fanout: sizes([200]),
  roundtrip: [...sizes([200]), { connections: 200, rate: 1_000 }],
  park: sizes([500]),
  publish: sizes([16]),
  drain: sizes([16]),
  'control-loop': sizes([100]),
  commands: [{ connections: 200, rate: 1_000 }],
  turns: sizes([1, 200]),
  'catch-up': sizes([100]),
};
/** Scenarios whose sizes are devices, all of them on a few connections. */
const KEYED: readonly ScenarioName[] = ['turns', 'catch-up'];
const GROWTH = [1_000, 10_000, 50_000];
/** The growth's largest size is rounded down to these when the machine allows less. */
const GROWTH_STEP = 1_000;

const SECONDS = 3;
const QUICK_SECONDS = 0.3;
/** JIT compilers and memory pools have settled after this long, also when other programs run. */
const WARM_UP_SECONDS = 3;
const MAX_MESSAGES = 10_000_000;

/**
 * Turns options into cases.
 * @param allowed connections that a process may have
 * @throws BenchFault when --conns, or a default, asks for more than this machine allows
 */
export function planOf(options: BenchOptions, allowed = connectionsAllowed()): BenchPlan {
  const cases = options.scenarios.flatMap((scenario) =>
    sizesOf(options, scenario, allowed).map((size) => caseOf(options, scenario, size)),
  );
  const tooLarge = cases.find(({ scenario, connections }) => connections > allowed && !KEYED.includes(scenario));
  if (tooLarge) throw new BenchFault(limitSentence(tooLarge.connections, allowed));
  return {
    cases,
    rounds: options.rounds ?? (options.quick ? 1 : 5),
    notes: options.growth ? growthNotes(allowed) : [],
  };
}

function sizesOf(options: BenchOptions, scenario: ScenarioName, allowed: number): readonly Size[] {
  const { growth, quick, rate } = options;
  if (growth) return sizes(growthWithin(allowed), rate);
  if (options.connections) return sizes(options.connections, rate);
  const known = (quick ? QUICK_SIZES : SIZES)[scenario];
  return rate === undefined ? known : known.slice(0, 1).map((size) => ({ ...size, rate }));
}

function sizes(connections: readonly number[], rate?: number): readonly Size[] {
  return connections.map((count) => ({ connections: count, rate }));
}

/** The sizes of --growth, the last one as large as the machine allows. */
function growthWithin(allowed: number): readonly number[] {
  const most = Math.floor(allowed / GROWTH_STEP) * GROWTH_STEP;
  return [...new Set(GROWTH.map((connections) => Math.min(connections, Math.max(most, GROWTH_STEP))))];
}

function growthNotes(allowed: number): string[] {
  const wanted = Math.max(...GROWTH);
  const largest = Math.max(...growthWithin(allowed));
  if (largest === wanted) return [];
  return [`The growth ends at ${largest.toLocaleString('en')} connections. ${limitSentence(wanted, allowed)}`];
}

function caseOf(options: BenchOptions, scenario: ScenarioName, { connections, rate }: Size): BenchCase {
  const { quick, bodyBytes } = options;
  const seconds = options.seconds ?? (quick ? QUICK_SECONDS : SECONDS);
  const messages = options.messages ?? MAX_MESSAGES;
  const warmUp = { messages, seconds: quick ? QUICK_SECONDS : WARM_UP_SECONDS };
  return { scenario, connections, bodyBytes, rate, warmUp, bounds: { messages, seconds } };
}
