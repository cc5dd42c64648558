import { mkdir, realpath, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { packageFolder, packageVersion, versionOf } from '../telemetry/package-version.js';
import { EXIT } from './exit-code.js';
import { Failure } from './failure.js';
import { hubSource } from './new-plugin/hub-source.js';
import { pluginNames } from './new-plugin/names.js';
import { BUILD_DEPENDENCIES, DEPENDENCIES, type PluginVersions, packageFiles } from './new-plugin/package-files.js';
import { sourceFiles } from './new-plugin/source-files.js';
import { testFile } from './new-plugin/test-file.js';
import { reasonOf, systemCodeOf } from './system-errors.js';
import { print, type Terminal } from './terminal.js';

export interface NewPluginOptions {
  /** folder that the plugin's own is made in */
  readonly dir: string;
}

/**
 * `signalbox plugin new`: makes a plugin that runs, with tests that pass.
 * @returns the exit code
 * @throws Failure when the name is none, or there is such a folder
 */
export async function newPlugin(name: string, { dir }: NewPluginOptions, terminal: Terminal): Promise<number> {
  const names = pluginNames(name);
  if (!names) {
    const allowed = 'Lower case letters and digits, in words joined by "-", at most 64 characters, are allowed.';
    throw new Failure(`"${name.slice(0, 80)}" is no name for a plugin. ${allowed}`, EXIT.usage);
  }
  const folder = join(dir, names.plugin);
  await makeFolder(folder, dir);
  const files = {
    ...packageFiles(names, versions(await realpath(folder))),
    ...sourceFiles(names),
    [`test/${names.plugin}.test.ts`]: testFile(names),
  };
  await writeAll(folder, files);
  const to = relative('', folder) || '.';
  await print(terminal.stdout, `Made ${to}. Next: cd ${to} && npm install && npm test\n`);
  return EXIT.ok;
}

/** @param folder the plugin's, without links */
function versions(folder: string): PluginVersions {
  const hub = { version: packageVersion(), folder: packageFolder() };
  const all = [...DEPENDENCIES, ...BUILD_DEPENDENCIES].map((name) => [name, versionOf(name)]);
  return { ...Object.fromEntries(all), signalbox: hubSource(hub, folder) };
}

/** Only a folder that is made here is written into. */
async function makeFolder(folder: string, parent: string): Promise<void> {
  const cannot = (path: string, error: unknown) =>
    new Failure(`The folder ${path} cannot be made: ${reasonOf(error)}.`, EXIT.failure, { cause: error });
  await mkdir(parent, { recursive: true }).catch((error: unknown) => {
    throw cannot(parent, error);
  });
  await mkdir(folder).catch((error: unknown) => {
    if (systemCodeOf(error) !== 'EEXIST') throw cannot(folder, error);
    throw new Failure(`There is ${folder} already. Choose another name, or another folder with --dir.`);
  });
}

/** All files, or none: half a plugin is worse than none. */
async function writeAll(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  try {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), text);
    }
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw new Failure(`The plugin cannot be written to ${folder}: ${reasonOf(error)}.`, EXIT.failure, { cause: error });
  }
}
