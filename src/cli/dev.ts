import { statSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { HubConfig, PluginConfig } from '../config/hub-config.js';
import { formatEndpoint } from '../config/units/endpoint.js';
import type { RunningHub } from '../hub.js';
import { askAdmin } from './admin-api.js';
import { PluginWatch } from './plugin-watch.js';
import { runHub, type StartOptions } from './start.js';
import type { Terminal } from './terminal.js';

/**
 * `signalbox dev`: a hub whose plugins, and their shadows, run in workers, and are loaded anew when they are saved. A version
 * that does not compile, or cannot be loaded, is told, and the one that runs goes on.
 * @returns the exit code
 * @throws as `start`
 */
export async function dev(options: StartOptions, terminal: Terminal): Promise<number> {
  return runHub(options, terminal, {
    change: (config) => ({ ...config, plugins: config.plugins.map(inWorker) }),
    beside: (hub, config) => watchAll(hub, config, terminal),
  });
}

/** Code can be loaded a second time in a thread of its own alone. */
function inWorker(plugin: PluginConfig): PluginConfig {
  return { ...plugin, isolation: 'worker' };
}

function watchAll(hub: RunningHub, config: HubConfig, terminal: Terminal): () => void {
  const tell = (text: string) => void terminal.stdout.write(`${text.trimEnd()}\n`);
  const watches = config.plugins.flatMap(versionsOf).flatMap((version) => {
    const folder = folderOf(version.plugin, config);
    if (folder === undefined) return [];
    tell(`${version.title} is watched in ${folder}.`);
    return [new PluginWatch({ folder, tell, reload: () => reload(hub, version) })];
  });
  return () => {
    for (const each of watches) each.stop();
  };
}

/** What runs of a plugin, and is loaded anew by itself. */
interface Version {
  readonly title: string;
  readonly plugin: Pick<PluginConfig, 'name' | 'from'>;
  /** what the admin API has it under */
  readonly path: string;
}

/** None of one that is switched off. */
function versionsOf({ name, enabled, from, shadow }: PluginConfig): Version[] {
  if (!enabled) return [];
  const path = `/admin/plugins/${encodeURIComponent(name)}`;
  const plugin = { title: name, plugin: { name, from }, path };
  if (!shadow) return [plugin];
  return [plugin, { title: `The shadow of ${name}`, plugin: { name, from: shadow.from }, path: `${path}/shadow` }];
}

/** Where an author works on a plugin; undefined: it comes with the hub, or from npm. */
function folderOf({ name, from }: Version['plugin'], { file }: HubConfig): string | undefined {
  if (from !== undefined) return isAbsolute(from) && isFolder(from) ? from : undefined;
  const folder = file === undefined ? undefined : join(dirname(file), 'plugins', name);
  return folder !== undefined && isFolder(folder) ? folder : undefined;
}

async function reload({ adminAddress }: RunningHub, { title, path }: Version): Promise<string> {
  const url = `http://${formatEndpoint(adminAddress)}${path}/reload`;
  try {
    const { version } = (await askAdmin(url, 'POST')) as { version: string | null };
    return `${title} ${version} runs.`;
  } catch (error) {
    return (error as Error).message;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
