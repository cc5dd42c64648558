import type { RequestFacts } from './location.js';
import { addressOf, argumentOf, cookieOf } from './request-variables.js';

/** A piece of a channel template. Names are in lower case, those of headers as they stand on the wire. */
export type TemplatePart =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'argument'; readonly name: string }
  | { readonly kind: 'header'; readonly name: string }
  | { readonly kind: 'cookie'; readonly name: string }
  | { readonly kind: 'capture'; readonly group: number }
  | { readonly kind: 'address' };

/** Gives the channel id that a request names; '' for none. */
export type ChannelNaming = (facts: RequestFacts, captures: readonly string[]) => string;

/** Text, `${name}`, `$1` or `$name`; a digit from 1 to 9 is a name alone, so that `$10` is `$1` and a 0, as in nginx. */
const PIECE = /[^$]+|\$(?:\{([^}]*)\}|([1-9])|(\w*))/gu;
const KNOWN = '$arg_NAME, $http_NAME, $cookie_NAME, $1 to $9 and $remote_addr';

/**
 * @param groups how many groups the location's regular expression has; 0 for other paths
 * @throws RangeError with a sentence: an unknown variable, a group that is not there, a template that names nothing
 */
export function parseTemplate(text: string, groups: number): readonly TemplatePart[] {
  if (text.trim() === '') throw new RangeError(`An empty template names no channel; use text, ${KNOWN}.`);
  if (/[\0-\x1f\x7f]/u.test(text)) throw new RangeError('A channel id has no control characters.');
  return Array.from(text.matchAll(PIECE), ([piece, inBraces, digit, plain]) => {
    const name = inBraces ?? digit ?? plain;
    return name === undefined ? { kind: 'literal', text: piece } : parseVariable(piece, name.toLowerCase(), groups);
  });
}

function parseVariable(piece: string, name: string, groups: number): TemplatePart {
  if (name === 'remote_addr') return { kind: 'address' };
  if (/^[1-9]$/u.test(name)) return parseCapture(piece, Number(name), groups);
  const [, family, key = ''] = /^(arg|http|cookie)_(\w+)$/u.exec(name) ?? [];
  switch (family) {
    case 'arg':
      return { kind: 'argument', name: key };
    case 'http':
      return { kind: 'header', name: key.replaceAll('_', '-') };
    case 'cookie':
      return { kind: 'cookie', name: key };
    default:
      throw new RangeError(`"${piece}" is not a variable; there are ${KNOWN}.`);
  }
}

function parseCapture(piece: string, group: number, groups: number): TemplatePart {
  if (group <= groups) return { kind: 'capture', group };
  const found = groups === 0 ? 'the path has none' : `the path has ${groups}`;
  throw new RangeError(`"${piece}" is group ${group} of the path's regular expression, and ${found}.`);
}

/** True when a template needs no more than path and query. */
export function followsUrl(template: readonly TemplatePart[]): boolean {
  return template.every(({ kind }) => kind === 'literal' || kind === 'argument' || kind === 'capture');
}

/** The common template of one variable is read without going over parts. */
export function compileTemplate(template: readonly TemplatePart[]): ChannelNaming {
  const readers = template.map(compilePart);
  const [only] = readers;
  if (only && readers.length === 1) return only;
  return (facts, captures) => {
    let id = '';
    for (const read of readers) id += read(facts, captures);
    return id;
  };
}

function compilePart(part: TemplatePart): ChannelNaming {
  switch (part.kind) {
    case 'literal':
      return () => part.text;
    case 'argument': {
      const nameAndEquals = `${part.name}=`;
      return (facts) => argumentOf(facts.query, nameAndEquals);
    }
    case 'header':
      return (facts) => facts.header(part.name) ?? '';
    case 'cookie':
      return (facts) => cookieOf(facts.header('cookie'), part.name);
    case 'capture':
      return (_facts, captures) => captures[part.group - 1] ?? '';
    case 'address':
      return (facts) => addressOf(facts.remoteAddress);
  }
}
