import type { PluginDescription } from '../logic/inspection/description.js';
import { findPlugin } from '../logic/inspection/find-plugin.js';
import { inspectPlugin as inspectFile } from '../logic/inspection/inspect-plugin.js';
import { adminUrl, askAdmin } from './admin-api.js';
import { EXIT } from './exit-code.js';
import { Failure } from './failure.js';
import { changesBetween, describedPlugin } from './plugin-text.js';
import { print, type Terminal } from './terminal.js';

export interface InspectPluginOptions {
  /** admin door of a hub whose version it is compared with; left out: none */
  readonly admin?: string;
  /** what that hub names the plugin; left out: as its logic server is named */
  readonly name?: string;
  /** print a JSON object */
  readonly json?: boolean;
}

/**
 * `signalbox plugin inspect`: tells what a plugin says of itself, what its newer version says otherwise, or what it says
 * otherwise than the version that a hub runs.
 * @param plugin a file or folder, or the name of one of `plugins/`, or of a package
 * @param newer likewise; undefined: there is none to compare with
 * @returns the exit code
 * @throws Failure when it is not found or cannot be loaded, when the hub cannot be reached or does not run it; of usage
 * when it is to be compared with both
 */
export async function inspectPlugin(
  plugin: string,
  newer: string | undefined,
  options: InspectPluginOptions,
  terminal: Terminal,
): Promise<number> {
  const { before, after } = await versionsOf(plugin, newer, options);
  if (options.json) {
    const shown = after ? { before, after, ...changesBetween(before, after) } : before;
    await print(terminal.stdout, `${JSON.stringify(shown)}\n`);
    return EXIT.ok;
  }
  await print(terminal.stdout, after ? comparison(before, after) : described(before));
  return EXIT.ok;
}

interface Versions {
  readonly before: PluginDescription;
  /** undefined: there is nothing to compare */
  readonly after?: PluginDescription;
}

async function versionsOf(
  plugin: string,
  newer: string | undefined,
  { admin, name }: InspectPluginOptions,
): Promise<Versions> {
  if (admin === undefined) {
    if (name !== undefined)
      throw new Failure('--name is what a hub names the plugin; say which with --admin.', EXIT.usage);
    const before = await inspected(plugin);
    return newer === undefined ? { before } : { before, after: await inspected(newer) };
  }
  if (newer !== undefined) {
    throw new Failure(
      'Compare the plugin with another one or, by --admin, with that of a hub, not with both.',
      EXIT.usage,
    );
  }
  const url = adminUrl(admin);
  const after = await inspected(plugin);
  return { before: await running(url, name ?? after.servers[0]?.name ?? plugin), after };
}

/** The version that a hub runs. */
async function running(url: string, name: string): Promise<PluginDescription> {
  return (await askAdmin(`${url}/admin/plugins/${encodeURIComponent(name)}/description`, 'GET')) as PluginDescription;
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
