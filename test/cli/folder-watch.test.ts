import { mkdir, mkdtemp, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FolderWatch } from '../../src/cli/folder-watch.js';
import { eventually } from '../support/eventually.js';

let folder: string;
let watching: FolderWatch;
let told: string[];
let ends: string[];

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'signalbox-watch-')));
  await mkdir(join(folder, 'src/deep'), { recursive: true });
  await mkdir(join(folder, 'node_modules/other'), { recursive: true });
  [told, ends] = [[], []];
  watching = new FolderWatch(folder, {
    isIgnored: (name) => name === 'node_modules' || name.endsWith('~'),
    changed: (path) => told.push(path),
    ended: (reason) => ends.push(reason),
  });
});
afterEach(async () => {
  watching.stop();
  await rm(folder, { recursive: true, force: true });
});

const write = (path: string) => writeFile(join(folder, path), String(Math.random()));

/** As editors save that never leave half a file. */
async function replace(path: string): Promise<void> {
  await write(`${path}~`);
  await rename(join(folder, `${path}~`), join(folder, path));
}

/** Waits until a path is told that is not known from before. */
async function isTold(path: string, change: () => Promise<unknown>): Promise<void> {
  told.length = 0;
  await change();
  await eventually(`${path} is told`, () => told.includes(path));
}

describe('A folder that is watched', () => {
  it('tells a file that is made, written and deleted, wherever it is', async () => {
    for (const path of ['first.js', 'src/first.ts', join('src', 'deep', 'first.ts')]) {
      await isTold(path, () => write(path));
      await isTold(path, () => write(path));
      await isTold(path, () => rm(join(folder, path)));
    }
  });

  it('tells a file each time that another one takes its place', async () => {
    await isTold('src/code.ts', () => write('src/code.ts'));
    for (let i = 0; i < 3; i++) await isTold('src/code.ts', () => replace('src/code.ts'));
    await isTold('src/code.ts', () => write('src/code.ts'));
  });

  it('tells what is in a folder that is made, moved in, or made again', async () => {
    await mkdir(join(folder, 'made~'));
    await write('made~/file.js');
    await isTold('made/file.js', () => rename(join(folder, 'made~'), join(folder, 'made')));
    await isTold('made/file.js', () => write('made/file.js'));
    await isTold('made/file.js', () => rm(join(folder, 'made'), { recursive: true }));
    await mkdir(join(folder, 'made'));
    await isTold('made/file.js', () => write('made/file.js'));
    await isTold('made/file.js', () => write('made/file.js'));
  });

  it('tells nothing of what is passed over, and nothing after its end', async () => {
    await write('node_modules/other/index.js');
    await write('src/passed-over~');
    await isTold('last.js', () => write('last.js'));
    expect(new Set(told)).toEqual(new Set(['last.js']));
    watching.stop();
    told.length = 0;
    const second = new FolderWatch(folder, {
      ...{ isIgnored: () => false, ended: () => {} },
      changed: () => told.push('the second one has told it'),
    });
    await isTold('the second one has told it', () => write('last.js'));
    second.stop();
    expect(told).not.toContain('last.js');
  });

  it('tells once that it is gone itself', async () => {
    await rm(folder, { recursive: true });
    await eventually('its end is told', () => ends.length > 0);
    expect(ends).toEqual(['it is gone']);
  });
});
