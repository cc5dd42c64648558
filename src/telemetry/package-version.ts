import { readFileSync } from 'node:fs';
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

function packageFile(): PackageFile {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    try {
      return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as PackageFile;
    } catch (error) {
      const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
      if (!isAbsent || folder === dirname(folder)) throw error;
    }
  }
}
