import type { RecordingHeader } from '../recording/recorded-line.js';
import type { ComparedCommand, Difference, ReplaySummary } from '../replay/replay.js';
import { counted, countOf } from './amounts.js';

/** A command that the plugin would send, with its line end. */
export function sentLine(command: ComparedCommand, json: boolean): string {
  return json ? jsonLine({ is: 'sent', ...shown(command) }) : `${described(command)}  ${causeOf(command)}\n`;
}

/** What the plugin does otherwise, with its line end. */
export function differenceLine(difference: Difference, json: boolean): string {
  if (json) {
    const recorded = 'expected' in difference ? shown(difference.expected) : undefined;
    const sent = 'actual' in difference ? shown(difference.actual) : undefined;
    return jsonLine({ is: difference.is, recorded, sent });
  }
  switch (difference.is) {
    case 'missing':
      return `- ${described(difference.expected)}  ${causeOf(difference.expected)}\n`;
    case 'extra':
      return `+ ${described(difference.actual)}  ${causeOf(difference.actual)}\n`;
    case 'changed':
      return `~ ${described(difference.expected)} → ${wishes(difference.actual)}  ${causeOf(difference.actual)}\n`;
    case 'moved':
      return `% ${described(difference.actual)}, not when it was  ${causeOf(difference.actual)}\n`;
  }
}

export interface SummaryOptions {
  /** of the plugin in the recording */
  readonly name: string;
  readonly header: RecordingHeader;
  readonly diff?: boolean;
  readonly json?: boolean;
}

/** What it came to, in sentences, or as a JSON object. */
export function summaryLines(summary: ReplaySummary, { name, diff = false, json = false }: SummaryOptions): string {
  const { status, ...figures } = summary;
  if (json) return jsonLine({ is: 'summary', plugin: name, ...figures, counters: status?.counters ?? null });
  const { events, sent, recorded, outcomes } = summary;
  const sentences = [
    `${counted(events, 'event')} and ${counted(outcomes, 'outcome')} were played; ${counted(sent, 'command')} would be sent, ` +
      `and ${recorded === 1 ? '1 was' : `${countOf(recorded)} were`} in the recording.`,
  ];
  if (diff) sentences.push(comparison(summary));
  sentences.push(...remarks(summary, name));
  return `${sentences.join('\n')}\n`;
}

function comparison({ same, differences: { missing, extra, changed, moved } }: ReplaySummary): string {
  const order = moved === 0 ? '' : `, of these ${countOf(moved)} for another event or in another order`;
  return `${countOf(same)} the same${order}, ${countOf(changed)} with other params, ${countOf(missing)} missing, ${countOf(extra)} extra.`;
}

/** What to know of it. */
function remarks(
  { jobs, messages, outboxItems, gaps, recorded, others, status }: ReplaySummary,
  name: string,
): string[] {
  const told: string[] = [];
  if (outboxItems > 0) told.push(`${counted(outboxItems, 'item')} for the outbox: @OnOutbox was not called.`);
  if (jobs > 0) told.push(`${counted(jobs, 'job')} would be made; the commands of jobs are not compared.`);
  if (messages > 0)
    told.push(`${counted(messages, 'message')} would be published; recordings have no messages to compare.`);
  if (gaps > 0) told.push(`The recording has ${counted(gaps, 'gap')}; what is missing there may explain differences.`);
  if (recorded === 0 && others.length > 0) {
    told.push(
      `The recording has no command of a plugin "${name}", but of ${others.join(', ')}; name one of them with --as.`,
    );
  }
  const { failed = 0, invalid = 0, buried = 0 } = status?.counters ?? {};
  if (failed > 0)
    told.push(`${counted(failed, 'attempt')} failed, and ${counted(buried, 'turn')} ended among the dead letters.`);
  if (invalid > 0) told.push(`${counted(invalid, 'event')} had a payload that the plugin does not take.`);
  return told;
}

function described(command: ComparedCommand): string {
  return `${instant(command)} ${command.device} ${command.name} ${wishes(command)}`;
}

/** What a command has when its sender says nothing: not worth a word. */
const USUAL: Readonly<Record<string, unknown>> = { ack: 'delivered', lane: 'main', priority: 0 };

/** Params, and the options that are not the usual ones. */
function wishes({ params, options }: ComparedCommand): string {
  const given = Object.entries(options).filter(([name, value]) => value !== undefined && value !== USUAL[name]);
  const told = given.length === 0 ? '' : ` ${JSON.stringify(Object.fromEntries(given))}`;
  return `${JSON.stringify(params)}${told}`;
}

function causeOf({ handler, by }: ComparedCommand): string {
  return `(${[handler, by].filter((part) => part !== '').join(', ')})`;
}

function shown({ id: _, at, ...command }: ComparedCommand): object {
  return { at: new Date(at).toISOString(), ...command };
}

function instant({ at }: ComparedCommand): string {
  return new Date(at).toISOString();
}

function jsonLine(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
