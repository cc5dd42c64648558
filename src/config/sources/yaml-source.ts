import { isAlias, isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Fault } from '../fault.js';
import type { Entries, Entry } from './entry.js';
import { expandAliases } from './yaml-aliases.js';
import { parseYaml, type YamlDocument } from './yaml-document.js';

/**
 * Reads a YAML file into entries that know their lines.
 * @param place the file's name for messages, and the absolute folder that its relative paths begin in
 * @param faults syntax errors, keys that stand twice and harmful aliases are added here
 * @returns undefined when the text cannot be read as YAML
 */
export function readYaml(text: string, place: { file: string; folder: string }, faults: Fault[]): Entry | undefined {
  const parsed = parseYaml(text, place.file, faults);
  const expanded = parsed && expandAliases(parsed, faults);
  if (!expanded) return undefined;
  return new YamlEntry({ ...parsed, ...place }, '', 1, parsed.document.contents, expanded.plain);
}

interface YamlSource extends YamlDocument {
  readonly folder: string;
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
