import type { ChannelContents } from '../engine/lmdb/backup/contents.js';
import { amountOf, countOf } from './amounts.js';

/** What `signalbox inspect` found; with `--json` it is printed as it is. */
export type Inspected = {
  readonly format: number;
  readonly channels: number;
  readonly messages: number;
  /** what they are counted with */
  readonly messageBytes: number;
  /** by table */
  readonly records: Readonly<Record<string, number>>;
  readonly largestChannels: readonly ChannelContents[];
} & (
  | {
      readonly dataFolder: string;
      /** process of the hub that has it open */
      readonly inUseBy: number | null;
      readonly file: { readonly bytes: number; readonly freeBytes: number };
    }
  | {
      readonly backup: string;
      /** that wrote it */
      readonly version: string;
      /** ISO 8601 */
      readonly takenAt: string;
      readonly file: { readonly bytes: number };
    }
);

const PAGE_BYTES = 4_096;

/** The same for people. */
export function inspectionText(found: Inspected): string {
  const { format, channels, messages, messageBytes, records, largestChannels } = found;
  const lines = [
    ...headLines(found),
    line('format', String(format)),
    line('channels', countOf(channels)),
    line('messages', `${countOf(messages)}, counted with ${amountOf(messageBytes)}`),
    ...section(
      'Records by table',
      Object.entries(records).map(([table, count]) => [countOf(count), table]),
    ),
    ...section(
      'Largest channels',
      largestChannels
        .filter((each) => each.messages > 0)
        .map((each) => [amountOf(each.bytes), `${countOf(each.messages)} messages  ${shown(each.channel)}`]),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function headLines(found: Inspected): string[] {
  if ('backup' in found) {
    const by = `at ${found.takenAt} by version ${found.version}`;
    return [line('backup', found.backup), line('taken', by), line('size', amountOf(found.file.bytes))];
  }
  const { bytes, freeBytes } = found.file;
  const free = `${amountOf(freeBytes)} (${countOf(freeBytes / PAGE_BYTES)} pages)`;
  return [
    line('data folder', found.dataFolder),
    line('in use', found.inUseBy === null ? 'no' : `by process ${found.inUseBy}`),
    line('file', `${amountOf(bytes)}, of which ${free} are free`),
  ];
}

function line(name: string, value: string): string {
  return `${name.padEnd(14)}${value}`;
}

function section(title: string, rows: readonly (readonly [string, string])[]): string[] {
  if (rows.length === 0) return [];
  const width = Math.max(...rows.map(([first]) => first.length));
  return ['', `${title}:`, ...rows.map(([first, second]) => `  ${first.padStart(width)}  ${second}`)];
}

/** Channels are named by their publishers: what could steer a terminal is shown as JSON writes it. */
function shown(channel: string): string {
  return JSON.stringify(channel).slice(1, -1).replaceAll('\x7f', '\\u007f');
}
