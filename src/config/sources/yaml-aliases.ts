import { type Alias, type Document, visit } from 'yaml';
import type { Fault } from '../fault.js';
import type { YamlDocument } from './yaml-document.js';

/** Aliases of a file, and expansions of one anchor: stops anchors that multiply each other ("billion laughs"). */
const MAX_ALIASES = 1000;

/**
 * The document as plain values, aliases replaced by what they name.
 * @param faults aliases of nothing, of what they stand in, and too many of them are added here
 * @returns undefined when there was such a fault
 */
export function expandAliases(parsed: YamlDocument, faults: Fault[]): { readonly plain: unknown } | undefined {
  const aliases = firstAliases(parsed.document);
  const harmful = aliases.flatMap((alias) => harmOf(alias, parsed));
  faults.push(...harmful);
  if (harmful.length > 0) return undefined;
  try {
    // `yaml` counts the anchor too.
    if (aliases.length <= MAX_ALIASES) return { plain: parsed.document.toJS({ maxAliasCount: MAX_ALIASES + 1 }) };
  } catch (error) {
    // What `yaml` throws at the limit; all other reasons were looked for above.
    if (!(error instanceof ReferenceError)) throw error;
  }
  const allowed = `At most ${MAX_ALIASES} aliases are allowed, those within aliased values included.`;
  faults.push({ file: parsed.file, line: undefined, key: '', value: undefined, allowed });
  return undefined;
}

/** One more than allowed at most: looking each up goes over the whole document. */
function firstAliases(document: Document): readonly Alias[] {
  const aliases: Alias[] = [];
  visit(document, {
    Alias: (_key, alias) => {
      aliases.push(alias);
      return aliases.length > MAX_ALIASES ? visit.BREAK : undefined;
    },
  });
  return aliases;
}

function harmOf(alias: Alias, { document, file, lineAt }: YamlDocument): Fault[] {
  const target = alias.resolve(document);
  const start = alias.range?.[0] ?? 0;
  if (target?.range && start >= target.range[2]) return [];
  const allowed = target ? 'An alias cannot stand within what it names.' : 'No anchor of this name stands before it.';
  return [{ file, line: lineAt(start), key: `*${alias.source}`, value: undefined, allowed }];
}
