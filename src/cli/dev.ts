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
 * `signalbox dev`: a hub whose plugins run in workers, and are loaded anew when they are saved. A version that does not
 * compile, or cannot be loaded, is told, and the one that runs goes on.
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
  const watches = config.plugins.flatMap((plugin) => {
    const folder = folderOf(plugin, config);
    if (!plugin.enabled || folder === undefined) return [];
    tell(`${plugin.name} is watched in ${folder}.`);
    return [new PluginWatch({ folder, tell, reload: () => reload(hub, plugin.name) })];
  });
  return () => {
    for (const each of watches) each.stop();
  };
}

/** Where an author works on a plugin; undefined: it comes with the hub, or from npm. */
function folderOf({ name, from }: PluginConfig, { file }: HubConfig): string | undefined {
  if (from !== undefined) return isAbsolute(from) && isFolder(from) ? from : undefined;
  const folder = file === undefined ? undefined : join(dirname(file), 'plugins', name);
  return folder !== undefined && isFolder(folder) ? folder : undefined;
}

async function reload({ adminAddress }: RunningHub, name: string): Promise<string> {
  const url = `http://${formatEndpoint(adminAddress)}/admin/plugins/${encodeURIComponent(name)}/reload`;
  try {
    const { version } = (await askAdmin(url, 'POST')) as { version: string | null };
    return `${name} ${version} runs.`;
  } catch (error) {
    return (error as Error).message;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
