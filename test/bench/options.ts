import { parseArgs } from 'node:util';
import { BenchFault } from './bench-fault.js';
import { MIN_BODY_BYTES } from './measure/message-body.js';
import {
  type Durability,
  durabilities,
  type EngineName,
  engines,
  lacking,
  type PeerName,
  peerNames,
  type ScenarioName,
  scenarioNames,
} from './peers/peer.js';

/** What the command line asks for; undefined: each scenario's own default. */
export interface BenchOptions {
  readonly scenarios: readonly ScenarioName[];
  /** the peer that is "ours" in the ratios */
  readonly server: PeerName;
  readonly versus: readonly PeerName[];
  /** the folder of another build of Signalbox to compare with */
  readonly before: string | undefined;
  readonly engine: EngineName;
  readonly durability: Durability;
  readonly rounds: number | undefined;
  readonly connections: readonly number[] | undefined;
  readonly messages: number | undefined;
  readonly seconds: number | undefined;
  readonly bodyBytes: number;
  readonly rate: number | undefined;
  readonly growth: boolean;
  readonly quick: boolean;
  readonly node: string;
  readonly json: string | undefined;
  readonly help: boolean;
}

/** The text of --help. */
export const HELP = `npm run bench -- [OPTIONS]

Measures Signalbox, checks that every message came once and in order, and compares it with other servers.

  --scenario A,B    ${scenarioNames.join(', ')}; all of them unless given
  --server PEER     what to measure: ${peerNames.join(', ')}; signalbox unless given
  --vs PEER,PEER    what to compare it with, in turns within the same run
  --before FOLDER   compares with another build of Signalbox as well: did a change make it faster?
  --engine NAME     ${engines.join(' or ')}: what Signalbox keeps messages in; memory unless given
  --durability NAME ${durabilities.join(', ')}: with lmdb, when a publisher is answered; disk unless given
  --rounds N        turns of each server (1 to 50); 5 unless given
  --conns N,N       subscribers (publish: publishers; turns and catch-up: keys); each number is a case of its own
  --growth          fanout and park at 1,000, 10,000 and 50,000 polls, as far as this machine allows
  --messages N      messages of a turn at most
  --seconds S       seconds of load of a turn at most (0.1 to 60); 3 unless given
  --size BYTES      length of a message's body (${MIN_BODY_BYTES} to 1048576); 100 unless given
  --rate N          so many messages a second, not as many as possible: for roundtrip, control-loop and commands
  --node PATH       the Node.js that runs the servers; the one that runs the bench unless given
  --quick           one short round of each scenario: does everything still come once and in order?
  --json FILE       writes all figures to FILE as well
  --help            says this

docs/performance.md tells what each scenario does and how to read the figures.
`;

/** Scenarios in which a rate means something. */
const PACED: readonly ScenarioName[] = ['roundtrip', 'control-loop', 'commands'];
const GROWING: readonly ScenarioName[] = ['fanout', 'park'];

const spec = {
  scenario: { type: 'string' },
  server: { type: 'string' },
  vs: { type: 'string' },
  before: { type: 'string' },
  engine: { type: 'string' },
  durability: { type: 'string' },
  rounds: { type: 'string' },
  conns: { type: 'string' },
  growth: { type: 'boolean' },
  messages: { type: 'string' },
  seconds: { type: 'string' },
  size: { type: 'string' },
  rate: { type: 'string' },
  node: { type: 'string' },
  quick: { type: 'boolean' },
  json: { type: 'string' },
  help: { type: 'boolean' },
} as const;

/** Reads the command line. @throws BenchFault with a sentence for whatever it does not understand */
export function parseOptions(argv: readonly string[]): BenchOptions {
  const given = valuesIn(argv);
  const rate = wholeNumber(given, 'rate', 1, 100_000);
  const connections = given.conns?.split(',').map((text) => wholeNumberIn(text, 'conns', 1, 200_000));
  const server = oneOf(given.server ?? 'signalbox', 'server', peerNames);
  const versus = [...(listOf(given.vs, 'vs', peerNames) ?? []), ...(given.before ? ['signalbox-before' as const] : [])];
  const options: BenchOptions = {
    scenarios: scenariosFor(given, rate !== undefined, [server, ...versus]),
    server,
    versus,
    before: given.before,
    engine: oneOf(given.engine ?? 'memory', 'engine', engines),
    durability: oneOf(given.durability ?? 'disk', 'durability', durabilities),
    rounds: wholeNumber(given, 'rounds', 1, 50),
    connections,
    messages: wholeNumber(given, 'messages', 1, 100_000_000),
    seconds: given.seconds === undefined ? undefined : numberIn(given.seconds, 'seconds', 0.1, 60),
    bodyBytes: wholeNumber(given, 'size', MIN_BODY_BYTES, 1024 * 1024) ?? 100,
    rate,
    growth: given.growth === true,
    quick: given.quick === true,
    node: given.node ?? process.execPath,
    json: given.json,
    help: given.help === true,
  };
  checkPairs(options);
  if (given.durability !== undefined && options.engine === 'memory') {
    throw new BenchFault('--durability means nothing with --engine memory; give --engine lmdb beside it.');
  }
  return options;
}

type Given = { [Name in keyof typeof spec]?: (typeof spec)[Name]['type'] extends 'boolean' ? boolean : string };

function valuesIn(argv: readonly string[]): Given {
  const { tokens } = parseArgs({ args: [...argv], options: spec, strict: false, tokens: true });
  const given: Record<string, string | boolean> = {};
  for (const token of tokens) {
    if (token.kind === 'option-terminator') continue;
    if (token.kind === 'positional')
      throw new BenchFault(`"${token.value}" is no option; --help lists those there are.`);
    const known = spec[token.name as keyof typeof spec];
    if (!known) throw new BenchFault(`There is no option ${token.rawName}; --help lists those there are.`);
    if (known.type === 'boolean' && token.value !== undefined) {
      throw new BenchFault(`${token.rawName} takes no value, but got "${token.value}".`);
    }
    if (known.type === 'string' && !token.value) throw new BenchFault(`${token.rawName} needs a value; see --help.`);
    given[token.name] = token.value ?? true;
  }
  return given;
}

function scenariosFor(given: Given, isPaced: boolean, peers: readonly PeerName[]): readonly ScenarioName[] {
  const named = listOf(given.scenario, 'scenario', scenarioNames);
  if (named) return scenarioNames.filter((name) => named.includes(name));
  if (isPaced) return ['roundtrip'];
  if (given.growth) return GROWING;
  return scenarioNames.filter((name) => peers.every((peer) => lacking(peer, name) === undefined));
}

function checkPairs({ scenarios, rate, growth, connections, server, versus }: BenchOptions): void {
  const unpaced = scenarios.find((name) => !PACED.includes(name));
  if (rate !== undefined && unpaced) {
    throw new BenchFault(`--rate means nothing for ${unpaced}; it is for ${listed(PACED)}.`);
  }
  for (const scenario of scenarios) checkHasAll(scenario, [server, ...versus]);
  const fixed = scenarios.find((name) => !GROWING.includes(name));
  if (growth && fixed) throw new BenchFault(`--growth is for ${GROWING.join(' and ')}, not for ${fixed}; use --conns.`);
  if (growth && connections) throw new BenchFault('--growth and --conns both say how many polls; give one of them.');
  if (versus.includes(server)) throw new BenchFault(`--vs ${server} would compare the server with itself.`);
}

function checkHasAll(scenario: ScenarioName, peers: readonly PeerName[]): void {
  for (const peer of peers) {
    const missing = lacking(peer, scenario);
    if (missing) throw new BenchFault(`${scenario} asks for what ${peer} does not have: ${missing}.`);
  }
}

function listed(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function listOf<T extends string>(text: string | undefined, option: string, allowed: readonly T[]): T[] | undefined {
  return text === undefined ? undefined : [...new Set(text.split(',').map((word) => oneOf(word, option, allowed)))];
}

function oneOf<T extends string>(word: string, option: string, allowed: readonly T[]): T {
  const found = allowed.find((name) => name === word);
  if (found) return found;
  throw new BenchFault(`--${option} does not know "${word}"; it knows ${allowed.join(', ')}.`);
}

function wholeNumber(given: Given, option: 'rate' | 'rounds' | 'messages' | 'size', min: number, max: number) {
  const text = given[option];
  return text === undefined ? undefined : wholeNumberIn(text, option, min, max);
}

function wholeNumberIn(text: string, option: string, min: number, max: number): number {
  const value = numberIn(text, option, min, max);
  if (Number.isInteger(value)) return value;
  throw new BenchFault(`--${option} takes whole numbers, not "${text}".`);
}

function numberIn(text: string, option: string, min: number, max: number): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new BenchFault(`--${option} takes a number from ${min} to ${max}, not "${text}".`);
}
