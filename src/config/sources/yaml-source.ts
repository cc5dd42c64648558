import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type { Fault } from '../fault.js';
import type { Entries, Entry } from './entry.js';
import { expandAliases } from './yaml-aliases.js';

/** A parsed file: what entries read from. */
export interface YamlSource {
  readonly document: Document.Parsed;
  /** as messages name it */
  readonly file: string;
  /** absolute; where relative paths of the file begin */
  readonly folder: string;
  lineAt(offset: number): number;
}

/**
 * Reads a YAML file into entries that know their lines.
 * @param place the file's name for messages, and the absolute folder that its relative paths begin in
 * @param faults syntax errors, keys that stand twice and harmful aliases are added here
 * @returns undefined when the text cannot be read as YAML
 */
export function readYaml(text: string, place: { file: string; folder: string }, faults: Fault[]): Entry | undefined {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const source: YamlSource = { document, ...place, lineAt: (offset) => lines.linePos(offset).line };
  const isReadable = tellSyntaxFaults(source, text, faults);
  const expanded = isReadable ? expandAliases(source, faults) : undefined;
  return expanded && new YamlEntry(source, '', 1, document.contents, expanded.plain);
}

/** Tells the first error of each line, for one error makes more behind it. False when the rest cannot be relied upon. */
function tellSyntaxFaults({ document, file, lineAt }: YamlSource, text: string, faults: Fault[]): boolean {
  const told = new Set<number>();
  for (const { code, message, pos } of [...document.errors, ...document.warnings]) {
    const line = lineAt(pos[0]);
    if (told.has(line)) continue;
    told.add(line);
    const key = code === 'DUPLICATE_KEY' ? (/^[\w.@/-]*/.exec(text.slice(pos[0], pos[0] + 80))?.[0] ?? '') : '';
    faults.push({ file, line, key, value: undefined, allowed: sentences[code] ?? `Not YAML: ${oneLine(message)}.` });
  }
  return document.errors.every(({ code }) => code === 'DUPLICATE_KEY') && document.warnings.length === 0;
}

/** Where the parser's own words would not help. */
const sentences: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'The key stands here a second time; once is allowed.',
  NON_STRING_KEY: 'A key is a plain word.',
  RESOURCE_EXHAUSTION: 'Mappings and lists are nested too deeply here.',
  MULTIPLE_DOCS: 'A second document begins here; one is allowed.',
};

function oneLine(message: string): string {
  return message.replace(/\s+/g, ' ').replace(/\.$/, '');
}

/** Reads its members and items only when asked, so that what nobody asks for costs nothing, however it is aliased. */
class YamlEntry implements Entry {
  readonly file: string;
  readonly folder: string;

  constructor(
    private readonly source: YamlSource,
    readonly key: string,
    readonly line: number,
    private readonly node: Node | null,
    /** what `node` stands for, aliases expanded */
    readonly value: unknown,
  ) {
    this.file = source.file;
    this.folder = source.folder;
  }

  get members(): Entries | undefined {
    const map = this.target();
    if (!isMap<Node, Node | null>(map)) return undefined;
    const value = this.value as Record<string, unknown>;
    return new Map(
      map.items.map(({ key: name, value: node }) => {
        const text = isScalar(name) ? String(name.value) : '';
        return [text, new YamlEntry(this.source, this.nameOf(text), this.lineOf(name), node, value[text])];
      }),
    );
  }

  get items(): readonly Entry[] | undefined {
    const list = this.target();
    if (!isSeq<Node | null>(list)) return undefined;
    const values = this.value as readonly unknown[];
    return list.items.map(
      (node, i) => new YamlEntry(this.source, `${this.key}[${i}]`, this.lineOf(node), node, values[i] ?? null),
    );
  }

  private target(): Node | null | undefined {
    return isAlias(this.node) ? this.node.resolve(this.source.document) : this.node;
  }

  private nameOf(member: string): string {
    const name = /^[\w.@/-]+$/.test(member) ? member : JSON.stringify(member);
    return this.key === '' ? name : `${this.key}.${name}`;
  }

  private lineOf(node: Node | null): number {
    return node?.range ? this.source.lineAt(node.range[0]) : this.line;
  }
}
