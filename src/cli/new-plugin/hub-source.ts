import { readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';

/** The hub's package as it is here. */
export interface HubPackage {
  readonly version: string;
  /** absolute */
  readonly folder: string;
}

/**
 * What a plugin's package.json says for `signalbox`, so that the plugin is built and tested with the hub that made it: the
 * version when npm's registry has it, else where it came from: a checkout, a packed file, a repository.
 * @param pluginFolder absolute, without links
 */
export function hubSource({ version, folder }: HubPackage, pluginFolder: string): string {
  const modules = dirname(folder);
  if (basename(modules) !== 'node_modules') return fileSource(folder, pluginFolder);
  const project = dirname(modules);
  const source = sourceNamedBy(project);
  if (source?.startsWith('file:')) return fileSource(resolve(project, source.slice('file:'.length)), pluginFolder);
  return source?.includes(':') ? source : `^${version}`;
}

/** With slashes on every system, as npm writes it. */
function fileSource(path: string, pluginFolder: string): string {
  return `file:${relative(pluginFolder, path).split(sep).join('/')}`;
}

/** What the project says that the hub is installed for; undefined: nothing, or there is no package.json that can be read. */
function sourceNamedBy(project: string): string | undefined {
  try {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(project, 'package.json'), 'utf8'));
    const source: unknown = dependencies?.signalbox ?? devDependencies?.signalbox;
    return typeof source === 'string' ? source : undefined;
  } catch {
    return undefined;
  }
}
