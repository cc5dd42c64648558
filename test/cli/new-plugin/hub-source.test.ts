import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { hubSource } from '../../../src/cli/new-plugin/hub-source.js';

let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'signalbox-hub-source-')));
});
afterEach(() => rm(root, { recursive: true }));

/** The hub installed for a project whose package.json is this, seen from a plugin in it. */
async function sourceIn(packageFile: string): Promise<string> {
  await mkdir(join(root, 'hub'));
  await writeFile(join(root, 'hub/package.json'), packageFile);
  return seenFrom(join(root, 'hub/node_modules/signalbox'));
}

function seenFrom(folder: string): string {
  return hubSource({ version: '0.1.0', folder }, join(root, 'hub/plugins/cooler'));
}

describe('What a new plugin installs the hub from', () => {
  it('is the registry when the project beside it has it from there', async () => {
    expect(await sourceIn('{"dependencies":{"signalbox":"~0.1.0"}}')).toBe('^0.1.0');
  });

  it('is the packed file that the project has it from, as it is reached from the plugin', async () => {
    const source = await sourceIn('{"devDependencies":{"signalbox":"file:../packed/signalbox-0.1.0.tgz"}}');
    expect(source).toBe('file:../../../packed/signalbox-0.1.0.tgz');
  });

  it('is the repository that the project has it from', async () => {
    const url = 'git+https://git.example/signalbox.git';
    expect(await sourceIn(`{"dependencies":{"signalbox":"${url}"}}`)).toBe(url);
  });

  it.each(['{}', 'no JSON', '{"dependencies":{"signalbox":1}}'])(
    'is the registry when the project tells nothing: %s',
    async (packageFile) => {
      expect(await sourceIn(packageFile)).toBe('^0.1.0');
    },
  );

  it('is the checkout when the hub runs from one', () => {
    expect(seenFrom(join(root, 'checkout'))).toBe('file:../../../checkout');
    expect(seenFrom(root)).toBe('file:../../..');
  });
});
