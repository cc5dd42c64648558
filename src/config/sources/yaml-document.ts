import { type Document, LineCounter, parseDocument } from 'yaml';
import type { Fault } from '../fault.js';

/** A parsed file and its lines. */
export interface YamlDocument {
  readonly document: Document.Parsed;
  /** as messages name it */
  readonly file: string;
  lineAt(offset: number): number;
}

/**
 * Parses a YAML file.
 * @param faults syntax errors and keys that stand twice are added here; the latter can be read on from
 * @returns undefined when the text cannot be read as YAML
 */
export function parseYaml(text: string, file: string, faults: Fault[]): YamlDocument | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const parsed: YamlDocument = { document, file, lineAt: (offset) => lines.linePos(offset).line };
  faults.push(...syntaxFaults(parsed, text));
  const isReadable = document.errors.every(({ code }) => code === 'DUPLICATE_KEY') && document.warnings.length === 0;
  return isReadable ? parsed : undefined;
}

/** The first error of each line, for one error makes more behind it. */
function syntaxFaults({ document, file, lineAt }: YamlDocument, text: string): readonly Fault[] {
  const byLine = new Map<number, Fault>();
  for (const { code, message, pos } of [...document.errors, ...document.warnings]) {
    const line = lineAt(pos[0]);
    if (byLine.has(line)) continue;
    const key = code === 'DUPLICATE_KEY' ? wordAt(text, pos[0]) : '';
    byLine.set(line, {
      file,
      line,
      key,
      value: undefined,
      allowed: sentences[code] ?? `Not YAML: ${oneLine(message)}.`,
    });
  }
  return [...byLine.values()];
}

/** Where the parser's own words would not help. */
const sentences: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'The key stands here a second time; once is allowed.',
  NON_STRING_KEY: 'A key is a plain word.',
  RESOURCE_EXHAUSTION: 'Mappings and lists are nested too deeply here.',
  MULTIPLE_DOCS: 'A second document begins here; one is allowed.',
};

function wordAt(text: string, offset: number): string {
  return /^[\w.@/-]*/.exec(text.slice(offset, offset + 80))?.[0] ?? '';
}

function oneLine(message: string): string {
  return message.replace(/\s+/g, ' ').replace(/\.$/, '');
}
