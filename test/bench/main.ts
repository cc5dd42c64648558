/** `npm run bench`: see HELP in options.ts and docs/performance.md. */
import { writeFileSync } from 'node:fs';
import { BenchFault } from './bench-fault.js';
import { comparisons, summaries } from './comparison.js';
import { machineLine, thisMachine } from './machine.js';
import { type BenchOptions, HELP, parseOptions } from './options.js';
import { OwnProcess } from './own-process.js';
import type { Peer } from './peers/peer.js';
import { peerNamed } from './peers/peers.js';
import { planOf } from './plan.js';
import { Progress } from './progress.js';
import { caseReport, growthReport, ratioTables } from './report.js';
import { type CaseResult, runPlan } from './rounds.js';

const INTERRUPTED = 130;
let isInterrupted = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, async () => {
    isInterrupted = true;
    say('Interrupted; ending the servers.');
    await OwnProcess.stopAll();
    process.exit(INTERRUPTED);
  });
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options.help) say(HELP.trimEnd());
  else await bench(options);
} catch (error) {
  if (!isInterrupted) await fail(error);
}

async function bench(options: BenchOptions): Promise<void> {
  if (process.platform !== 'linux') throw new BenchFault('The bench reads /proc, so that it runs on Linux only.');
  const plan = planOf(options);
  const peers = [options.server, ...options.versus].map((name) => peerNamed(name, options));
  say(machineLine(thisMachine()));
  for (const { name, description } of peers) say(`${name}: ${description}`);
  for (const sentence of plan.notes) say(sentence);
  const progress = new Progress(plan.cases.length * plan.rounds * peers.length, process.stderr);
  const results = await runPlan(plan, peers, {
    turn: (benchCase, round, peer) => progress.turn(benchCase, round, peer),
    result: (result) => {
      progress.clear();
      say(`\n${caseReport(result)}`);
    },
  });
  for (const text of [growthReport(results), ratioTables(results)]) if (text !== '') say(`\n${text}`);
  say('\nEvery message came exactly once and in order.');
  if (options.json) writeJson(options.json, peers, results);
}

function writeJson(file: string, peers: readonly Peer[], results: readonly CaseResult[]): void {
  const cases = results.map((result) => ({
    ...result,
    summaries: summaries(result),
    comparisons: comparisons(result),
  }));
  const servers = peers.map(({ name, description }) => ({ name, description }));
  writeFileSync(file, `${JSON.stringify({ machine: thisMachine(), servers, cases }, null, 2)}\n`);
}

async function fail(error: unknown): Promise<void> {
  process.exitCode = 1;
  process.stderr.write(`bench: ${error instanceof BenchFault ? error.message : (error as Error).stack}\n`);
  await OwnProcess.stopAll();
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
