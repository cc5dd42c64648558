import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
/** What the program reads beside its own code. */
const OTHER_PARTS = ['node_modules', 'docs', 'plugins'];
const COMPILER = resolve('node_modules/typescript/bin/tsc');

/** The package as `npm run build` makes it, in a folder of its own: a `dist` that lies about is old, or another's. */
export class CompiledPackage {
  private constructor(readonly folder: string) {}

  /** Compiles the program, its plugins and the bench. Types are not checked here: `npm run types` does that. */
  static async make(): Promise<CompiledPackage> {
    const folder = await mkdtemp(join(tmpdir(), 'signalbox-compiled-'));
    await copyFile('package.json', join(folder, 'package.json'));
    for (const part of OTHER_PARTS) await symlink(resolve(part), join(folder, part));
    const compile = (project: string, to: string) =>
      run(process.execPath, [
        COMPILER,
        '-p',
        project,
        '--outDir',
        join(folder, to),
        '--noCheck',
        '--incremental',
        'false',
      ]);
    await compile('tsconfig.build.json', 'dist');
    await compile('test/bench/tsconfig.json', 'dist/bench');
    return new CompiledPackage(folder);
  }

  /** @param path from the package's root, as `dist/src/main.js` */
  path(path: string): string {
    return join(this.folder, path);
  }

  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
