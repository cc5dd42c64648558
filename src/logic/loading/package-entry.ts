import { readFileSync, statSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { HubError } from '../../channels/hub-error.js';

interface PackageFile {
  readonly main?: unknown;
  readonly exports?: unknown;
}

/** Files that a folder without a package.json begins with; the last is for a hub that runs from its own sources. */
const INDEX_FILES = ['index.js', 'index.mjs', `index${extname(import.meta.url)}`];
const CONDITIONS = ['node', 'import', 'module-sync', 'default'];

/**
 * The file that stands for a folder: what its package.json says (`exports`, else `main`), else index.js or index.mjs.
 * @returns absolute; undefined when there is none
 * @throws HubError `plugin_failed` when the package.json cannot be read
 */
export function entryOf(folder: string): string | undefined {
  const { main, exports } = packageFileOf(folder) ?? {};
  const named = fromExports(exports) ?? (typeof main === 'string' ? main : undefined);
  const candidates = named === undefined ? INDEX_FILES : [named, `${named}.js`, join(named, 'index.js')];
  return candidates.map((file) => resolve(folder, file)).find(isFile);
}

/** The folder of an npm package, looked for in `node_modules` of `folder` and of those above it, as Node does. */
export function packageFolder(name: string, folder: string): string | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    const candidate = join(at, 'node_modules', name);
    if (statSync(candidate, { throwIfNoEntry: false })?.isDirectory()) return candidate;
    if (at === dirname(at)) return undefined;
  }
}

/** The target of `.` under the conditions of an import. */
function fromExports(exports: unknown): string | undefined {
  if (typeof exports === 'string') return exports;
  if (Array.isArray(exports)) return exports.map(fromExports).find((target) => target !== undefined);
  if (typeof exports !== 'object' || exports === null) return undefined;
  if ('.' in exports) return fromExports(exports['.']);
  // The order of the package's keys decides, not that of ours.
  const fitting = Object.entries(exports).filter(([condition]) => CONDITIONS.includes(condition));
  return fitting.map(([, target]) => fromExports(target)).find((target) => target !== undefined);
}

function packageFileOf(folder: string): PackageFile | undefined {
  const path = join(folder, 'package.json');
  if (!isFile(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as PackageFile;
  } catch (error) {
    throw new HubError('plugin_failed', `${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
