import { findPlugin } from '../logic/inspection/find-plugin.js';
import { inspectPlugin as inspectFile } from '../logic/inspection/inspect-plugin.js';
import type { PluginDescription } from '../logic/inspection/plugin-description.js';
import { EXIT } from './exit-code.js';
import { Failure } from './failure.js';
import { changesBetween, describedPlugin } from './plugin-text.js';
import { print, type Terminal } from './terminal.js';

export interface InspectPluginOptions {
  /** print a JSON object */
  readonly json?: boolean;
}

/**
 * `signalbox plugin inspect`: tells what a plugin says of itself, or what its newer version says otherwise.
 * @param plugin a file or folder, or the name of one of `plugins/`, or of a package
 * @param newer likewise; undefined: there is none to compare with
 * @returns the exit code
 * @throws Failure when it is not found, or cannot be loaded
 */
export async function inspectPlugin(
  plugin: string,
  newer: string | undefined,
  options: InspectPluginOptions,
  terminal: Terminal,
): Promise<number> {
  const before = await inspected(plugin);
  const after = newer === undefined ? undefined : await inspected(newer);
  if (options.json) {
    const shown = after ? { before, after, ...changesBetween(before, after) } : before;
    await print(terminal.stdout, `${JSON.stringify(shown)}\n`);
    return EXIT.ok;
  }
  await print(terminal.stdout, after ? comparison(before, after) : described(before));
  return EXIT.ok;
}

async function inspected(plugin: string): Promise<PluginDescription> {
  try {
    return await inspectFile(findPlugin(plugin, process.cwd()));
  } catch (error) {
    throw new Failure((error as Error).message);
  }
}

function described(plugin: PluginDescription): string {
  return describedPlugin(plugin)
    .map(({ title, lines }) => `${title}\n${lines.map((line) => `  ${line}\n`).join('')}`)
    .join('');
}

function comparison(before: PluginDescription, after: PluginDescription): string {
  const { removed, added } = changesBetween(before, after);
  if (removed.length + added.length === 0) return 'Both say the same of themselves.\n';
  return [...removed.map((line) => `- ${line}\n`), ...added.map((line) => `+ ${line}\n`)].join('');
}
