import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../../src/cli/run.js';
import { CompiledPackage } from '../support/compiled-package.js';
import { FakeTerminal } from './support/fake-terminal.js';

const execute = promisify(execFile);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-new-plugin-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function make(name: string) {
  const terminal = new FakeTerminal();
  const exitCode = await run(['plugin', 'new', name, '--dir', join(folder, 'plugins')], terminal);
  return { exitCode, out: terminal.out, err: terminal.err };
}

describe('signalbox plugin new', () => {
  it('makes a folder with all that a plugin needs, and tells what comes next', async () => {
    const { exitCode, out, err } = await make('presence-alarm');
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toMatch(/^Made .*presence-alarm\. Next: cd .*presence-alarm && npm install && npm test\n$/);
    const made = join(folder, 'plugins/presence-alarm');
    const files = (await readdir(made, { recursive: true })).sort();
    expect(files).toEqual([
      ...['.gitignore', 'README.md', 'package.json', 'src', 'src/index.ts', 'src/presence-alarm-config.ts'],
      ...['src/presence-alarm.ts', 'test', 'test/presence-alarm.test.ts', 'tsconfig.json'],
    ]);
    const { dependencies, devDependencies } = JSON.parse(await readFile(join(made, 'package.json'), 'utf8'));
    const { signalbox, ...others } = { ...dependencies, ...devDependencies };
    expect(signalbox).toBe(`file:${relative(await realpath(made), resolve())}`);
    for (const version of Object.values(others)) expect(version).toMatch(/^\^\d+\./);
  });

  it('leaves a folder alone that is there already', async () => {
    const there = join(folder, 'plugins/cooler');
    await mkdir(there, { recursive: true });
    await writeFile(join(there, 'mine.txt'), 'mine');
    expect(await make('cooler')).toEqual({
      exitCode: 1,
      out: '',
      err: `signalbox: There is ${there} already. Choose another name, or another folder with --dir.\n`,
    });
    expect(await readdir(there)).toEqual(['mine.txt']);
  });

  it('says so where a folder cannot be made', async () => {
    await writeFile(join(folder, 'plugins'), 'a file');
    expect(await make('cooler')).toMatchObject({ exitCode: 1, err: expect.stringContaining('cannot be made') });
  });

  it.each(['', 'Cooler', '../cooler', 'cool er', 'cooler-', '9lives', 'a'.repeat(65)])(
    'refuses "%s" as a name',
    async (name) => {
      expect(await make(name)).toMatchObject({ exitCode: 2, err: expect.stringContaining('is no name for a plugin') });
      expect(await readdir(folder)).toEqual([]);
    },
  );
});

describe('A plugin as it is made', () => {
  let compiled: CompiledPackage;
  beforeAll(async () => {
    compiled = await CompiledPackage.make();
  });
  afterAll(() => compiled.remove());

  /** As `npm install` would: the package as it is published, and what the plugin depends on. */
  async function install(): Promise<void> {
    const modules = join(folder, 'node_modules');
    await mkdir(modules);
    await symlink(compiled.folder, join(modules, 'signalbox'));
    for (const name of ['@nestjs', '@types', 'class-validator', 'reflect-metadata', 'rxjs']) {
      await symlink(resolve('node_modules', name), join(modules, name));
    }
  }

  it('is built without a fault, passes its tests, and is found by the hub', async () => {
    await make('module-turn');
    await install();
    const cwd = join(folder, 'plugins/module-turn');
    await execute(process.execPath, [resolve('node_modules/typescript/bin/tsc')], { cwd });
    const { stdout } = await execute(
      process.execPath,
      ['--test', '--test-reporter=tap', 'dist/test/module-turn.test.js'],
      { cwd },
    );
    expect(stdout).toMatch(/^# pass 4$/m);
    expect(stdout).toMatch(/^# fail 0$/m);
    const script = `import { testHub } from 'signalbox/testing';
      const hub = await testHub('plugins/module-turn');
      console.log(hub.plugin().status().name);
      await hub.close();`;
    await writeFile(join(folder, 'find.mjs'), script);
    expect((await execute(process.execPath, ['find.mjs'], { cwd: folder })).stdout).toBe('module-turn\n');
  }, 120_000);
});
