import type { PluginConfig } from './hub-config.js';

/** One thing that is wrong with the configuration. */
export interface Fault {
  /** the file as it was named; `environment` or `command line` */
  readonly file: string;
  /** from 1; undefined when the fault is in no line of a file */
  readonly line: number | undefined;
  /** `limits.max_channels`, `locations[1].gzip`, `SIGNALBOX_LISTEN`, `--listen`; '' for the file as a whole */
  readonly key: string;
  /** as written; undefined when nothing was */
  readonly value: unknown;
  /** what is allowed, in a sentence or two */
  readonly allowed: string;
}

/** What of a configuration with faults can still be asked about its settings. */
export interface StillReadable {
  readonly plugins: readonly PluginConfig[];
  /** absolute; undefined when no file was read */
  readonly file: string | undefined;
}

/** The configuration cannot be used: every fault that was found, not only the first. */
export class ConfigError extends Error {
  /** @param faults at least one @param readable plugins of the file whose own keys are right; undefined: nobody looked */
  constructor(
    readonly faults: readonly Fault[],
    readonly readable?: StillReadable,
  ) {
    const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
    super([`The configuration has ${count}:`, ...faults.map(formatFault)].join('\n'));
    this.name = 'ConfigError';
  }
}

/** One line: `signalbox.yaml:3: limits.max_head_size is "8 kilo". A size from 1k to 64k is allowed.` */
export function formatFault({ file, line, key, value, allowed }: Fault): string {
  const place = line === undefined ? file : `${file}:${line}`;
  const written = value === undefined ? key : `${key === '' ? 'The file' : key} ${claimOf(key, value)}`;
  const parts = [`${place}:`, written === '' ? '' : `${written}.`, allowed];
  return parts.filter((part) => part !== '').join(' ');
}

/** By line, those without one last. */
export function inOrder(faults: readonly Fault[]): readonly Fault[] {
  const lineOf = ({ line = Number.POSITIVE_INFINITY }: Fault) => line;
  return faults.toSorted((a, b) => (lineOf(a) === lineOf(b) ? 0 : lineOf(a) - lineOf(b)));
}

/** Characters of a value that a message shows. */
const MAX_SHOWN_LENGTH = 80;

/** Sentences end up in logs, where a secret must not be read. */
const SECRET = /\.token$/;

function claimOf(key: string, value: unknown): string {
  if (SECRET.test(key) && typeof value === 'string') return `has ${value.length} characters, which are not shown`;
  return `is ${shown(value)}`;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'a mapping';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value ?? 'empty');
  return text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}…` : text;
}
