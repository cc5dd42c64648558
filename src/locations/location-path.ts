import { checkExpressionCost } from './expression-cost.js';
import { cleanPath } from './normalize-path.js';

/** A location's `path` as it is compared with request paths. */
export type LocationPath = { readonly title: string } & (
  | { readonly kind: 'exact'; readonly path: string }
  /** @property endsSearch `^~`: no regular expression is tried when this is the longest prefix */
  | { readonly kind: 'prefix'; readonly path: string; readonly endsSearch: boolean }
  | { readonly kind: 'expression'; readonly expression: RegExp; readonly groups: number }
);

/** Longer modifiers first: `~*` begins with `~`. */
const MODIFIED = /^(=|\^~|~\*|~)\s*(.*)$/su;

/**
 * Reads `/prefix`, `= /exact`, `^~ /prefix`, `~ expression` and `~* expression`.
 * @throws RangeError with a sentence: no such form, a path that no request can have, a bad expression
 */
export function parseLocationPath(text: string): LocationPath {
  const [, modifier = '', rest = text] = MODIFIED.exec(text.trim()) ?? [undefined, '', text.trim()];
  const title = modifier === '' ? rest : `${modifier} ${rest}`;
  switch (modifier) {
    case '~':
    case '~*':
      return { title, kind: 'expression', ...parseExpression(rest, modifier === '~*') };
    case '=':
      return { title, kind: 'exact', path: checkPlainPath(rest, '') };
    default:
      // A prefix may end within a segment, so that "/." is one although "/." is no path.
      return { title, kind: 'prefix', path: checkPlainPath(rest, 'x'), endsSearch: modifier === '^~' };
  }
}

/** The same for two paths when only the first of them could ever serve a request. */
export function pathIdentity(path: LocationPath): string {
  return path.kind === 'expression' ? `~${path.expression}` : `${path.kind} ${path.path}`;
}

/** How many groups a channel template may refer to. */
export function groupsOf(path: LocationPath): number {
  return path.kind === 'expression' ? path.groups : 0;
}

function checkPlainPath(path: string, continuation: string): string {
  if (!path.startsWith('/')) {
    throw new RangeError('A path begins with "/", or with "= /", "^~ /", "~ " or "~* " as in nginx.');
  }
  if (path.includes('?')) {
    throw new RangeError('A path has no query: write what stands before the "?" and use $arg_NAME in the channel.');
  }
  const example = path + continuation;
  if (/%[0-9a-f]{2}/iu.test(path) || cleanPath(example) !== example) {
    throw new RangeError(
      'No request matches this path: paths are percent-decoded, "//" merged and "/." and "/.." resolved before.',
    );
  }
  return path;
}

function parseExpression(source: string, ignoreCase: boolean): { expression: RegExp; groups: number } {
  if (source === '') throw new RangeError('A regular expression must follow the "~".');
  const flags = ignoreCase ? 'iu' : 'u';
  try {
    // An alternative that matches anything tells how many groups there are.
    const groups = (new RegExp(`${source}|`, flags).exec('') as RegExpExecArray).length - 1;
    const expression = new RegExp(source, flags);
    checkExpressionCost(source);
    return { expression, groups };
  } catch (error) {
    if (error instanceof RangeError) throw error;
    throw new RangeError(`Not a regular expression as JavaScript has them: ${(error as Error).message}.`, {
      cause: error,
    });
  }
}
