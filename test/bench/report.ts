import { type Comparison, comparisons, type PeerSummary, summaries } from './comparison.js';
import type { Spread } from './measure/spread.js';
import { caseName } from './plan.js';
import type { CaseResult } from './rounds.js';

/** From here on a CPU figure is marked as rough: the system counted too few ticks for it. */
const ROUGH = 0.05;

type Column = readonly [title: string, width: number, text: (summary: PeerSummary) => string];

const columns: readonly Column[] = [
  ['deliveries/s', 13, ({ deliveriesPerSecond }) => whole(deliveriesPerSecond)],
  ['p50 ms', 9, ({ p50Ms }) => decimal(p50Ms, 2)],
  ['p99 ms', 9, ({ p99Ms }) => decimal(p99Ms, 2)],
  ['p99.9 ms', 9, ({ p999Ms }) => decimal(p999Ms, 2)],
  ['CPU µs/delivery', 16, cpuText],
  ['bytes/poll', 11, ({ bytesPerPoll }) => (bytesPerPoll === undefined ? '-' : whole(bytesPerPoll))],
];

/** One case as a table, a line for each server, and a line for each comparison. */
export function caseReport(result: CaseResult): string {
  const head = `${''.padEnd(19)}${columns.map(([title, width]) => title.padStart(width)).join(' ')}`;
  const lines = summaries(result).map(
    (summary) =>
      `  ${summary.peer.padEnd(17)}${columns.map(([, width, text]) => text(summary).padStart(width)).join(' ')}`,
  );
  const title = `${caseName(result.benchCase)}, ${result.rounds.length} round${result.rounds.length === 1 ? '' : 's'}`;
  return [title, head, ...lines, ...comparisons(result).map(comparisonLine)].join('\n');
}

/**
 * All cases compared with one other server as a Markdown table; '' when there is none to compare with.
 * The document about performance takes it as it is.
 */
export function ratioTables(results: readonly CaseResult[]): string {
  const all = results.flatMap((result) => comparisons(result).map((comparison) => ({ result, comparison })));
  const others = [...new Set(all.map(({ comparison }) => comparison.other))];
  return others.map((other) => ratioTable(all.filter(({ comparison }) => comparison.other === other))).join('\n\n');
}

function ratioTable(rows: readonly { result: CaseResult; comparison: Comparison }[]): string {
  const [first] = rows;
  if (!first) return '';
  const { ours, other } = first.comparison;
  const lines = rows.map(({ result, comparison: { cpu, p99, bytes } }) => {
    const cells = [cpu, p99, bytes].map((figure) => (figure ? spreadText(figure) : '-'));
    return `| ${caseName(result.benchCase)} | ${cells.join(' | ')} |`;
  });
  return [
    `${other} / ${ours}, median (least..most) of the rounds; above 1, ${ours} is better`,
    '',
    '| | CPU per delivery | p99 | bytes per poll |',
    '|---|---|---|---|',
    ...lines,
  ].join('\n');
}

/** How a scenario's cost per delivery grows from its smallest to its largest size; '' when there is one size only. */
export function growthReport(results: readonly CaseResult[]): string {
  const unpaced = results.filter(({ benchCase }) => benchCase.rate === undefined);
  const scenarios = [...new Set(unpaced.map(({ benchCase }) => benchCase.scenario))];
  return scenarios
    .flatMap((scenario) => growthLines(unpaced.filter((each) => each.benchCase.scenario === scenario)))
    .join('\n');
}

function growthLines(results: readonly CaseResult[]): string[] {
  const bySize = [...results].sort((a, b) => a.benchCase.connections - b.benchCase.connections);
  const [smallest, largest] = [bySize[0], bySize[bySize.length - 1]];
  if (!smallest || !largest || smallest === largest) return [];
  return summaries(smallest).map((small, index) => {
    const large = summaries(largest)[index] as PeerSummary;
    const factor = large.cpuMicrosPerDelivery / small.cpuMicrosPerDelivery;
    const range = `${whole(smallest.benchCase.connections)} to ${whole(largest.benchCase.connections)} connections`;
    return `${small.peer}, ${smallest.benchCase.scenario}: CPU per delivery x ${factor.toFixed(2)} from ${range}`;
  });
}

function comparisonLine({ ours, other, cpu, p99, bytes }: Comparison): string {
  const parts = [`CPU ${spreadText(cpu)}`];
  if (p99) parts.push(`p99 ${spreadText(p99)}`);
  if (bytes) parts.push(`bytes ${spreadText(bytes)}`);
  return `  ${other} / ${ours} (above 1: ${ours} is better): ${parts.join(', ')}`;
}

function spreadText({ median, min, max }: Spread): string {
  return `${median.toFixed(2)} (${min.toFixed(2)}..${max.toFixed(2)})`;
}

function cpuText({ cpuMicrosPerDelivery, cpuUncertainty }: PeerSummary): string {
  return `${cpuUncertainty > ROUGH ? '~' : ''}${decimal(cpuMicrosPerDelivery, 1)}`;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function decimal(value: number | undefined, digits: number): string {
  return value === undefined ? '-' : value.toFixed(digits);
}
