import { dirname, resolve } from 'node:path';
import { ConfigError, type Fault, inOrder } from './fault.js';
import type { HubConfig } from './hub-config.js';
import { impossiblePairs } from './impossible-pairs.js';
import { type LocationCheck, locationFaults } from './location-faults.js';
import { resolveConfig, rightPlugins } from './resolve/resolve-config.js';
import { readConfigFile } from './sources/config-file.js';
import { type Entry, plainEntry } from './sources/entry.js';
import { layerOfEnvironment } from './sources/environment.js';
import { type Layer, layerOfFile, NO_LAYER } from './sources/layer.js';
import { readYaml } from './sources/yaml-source.js';
import { readLayers } from './written-config.js';

/** The file that is read when none is named and it exists. */
const USUAL_FILE = 'signalbox.yaml';

/** What the command line sets; it has the say over the environment, which has it over the file. */
export interface Overrides {
  readonly listen?: string | undefined;
  readonly admin?: string | undefined;
  readonly data?: string | undefined;
}

export interface ConfigSources {
  /** where `signalbox.yaml` is looked for, and relative paths of the environment and the command line begin */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly overrides?: Overrides;
  /** `checkLocations` of the locations' room; without it their paths and templates are not checked here */
  readonly checkLocations?: LocationCheck;
}

/**
 * The configuration of a hub: the file, over it the environment, over it the command line, below all the defaults.
 * @param sources `file` is read when named, else `signalbox.yaml` in `cwd` when it exists; `cwd` and `env` are the
 *   process's own by default
 * @throws ConfigError with every fault
 */
export function loadConfig(sources: ConfigSources & { readonly file?: string } = {}): HubConfig {
  const { file, cwd = process.cwd(), env = process.env } = sources;
  const name = file ?? USUAL_FILE;
  const path = resolve(cwd, name);
  const text = file === undefined ? readConfigFile(path, name, true) : readConfigFile(path, name, false);
  return text === undefined
    ? build(undefined, { ...sources, cwd, env })
    : parseConfig(text, name, { ...sources, cwd, env });
}

/**
 * The same from a text. The environment counts only when it is given.
 * @param file as messages shall name it; relative paths of the text begin in its folder
 * @throws ConfigError with every fault
 */
export function parseConfig(text: string, file: string, sources: ConfigSources = {}): HubConfig {
  return build({ text, file }, sources);
}

/** The configuration of a hub that nobody configured. */
export function defaultConfig(): HubConfig {
  return build(undefined, {});
}

function build(written: { text: string; file: string } | undefined, sources: ConfigSources): HubConfig {
  const { env = {}, overrides = {}, checkLocations } = sources;
  const cwd = resolve(sources.cwd ?? process.cwd());
  const path = written && resolve(cwd, written.file);
  const faults: Fault[] = [];
  const root = written && readYaml(written.text, { file: written.file, folder: dirname(path as string) }, faults);
  const layers = [
    root ? layerOfFile(root, faults) : NO_LAYER,
    layerOfEnvironment(env, cwd, faults),
    layerOfCommandLine(overrides, cwd),
  ];
  const config = readLayers(layers, faults);
  faults.push(...impossiblePairs(config));
  if (checkLocations) faults.push(...locationFaults(config.locations, checkLocations));
  if (faults.length > 0) throw new ConfigError(inOrder(faults), { plugins: rightPlugins(config), file: path });
  return resolveConfig(config, path, cwd);
}

function layerOfCommandLine({ listen, admin, data }: Overrides, cwd: string): Layer {
  const options = Object.entries({ listen, admin, data });
  const top = options.flatMap(([key, value]): [string, Entry][] =>
    value === undefined ? [] : [[key, plainEntry(`--${key}`, 'command line', cwd, value)]],
  );
  return { ...NO_LAYER, top: new Map(top) };
}
