import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface PackageFile {
  readonly version: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** The version of the package that this file is part of, in src/ and in dist/src/ alike. */
export function packageVersion(): string {
  return packageFile().version;
}

/** The versions of a package that this one works with, or is built with; undefined when it does neither. */
export function versionOf(dependency: string): string | undefined {
  const { dependencies, devDependencies } = packageFile();
  return dependencies[dependency] ?? devDependencies[dependency];
}

/** The folder of that package, absolute. */
export function packageFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

function packageFile(): PackageFile {
  return JSON.parse(readFileSync(join(packageFolder(), 'package.json'), 'utf8')) as PackageFile;
}
