import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findPlugin } from '../../../src/logic/inspection/find-plugin.js';
import { inspectPlugin } from '../../../src/logic/inspection/inspect-plugin.js';

const RUN_TYPESCRIPT = ['--import', './test/support/run-typescript.mjs'];
const inspect = (plugin: string) => inspectPlugin(findPlugin(plugin, process.cwd()), RUN_TYPESCRIPT);

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-inspection-'));
});

afterEach(() => rm(folder, { recursive: true }));

describe('An inspection', () => {
  it('tells what a plugin declares, and its settings with their defaults', async () => {
    const { servers, settings } = await inspect('test/logic/plugins/scripted');
    expect(servers).toMatchObject([
      {
        ...{ name: 'scripted', version: '1.2.3', grants: { publish: ['#'] } },
        handlers: expect.arrayContaining([
          { kind: 'event', of: 'devices/+/events/reading', method: 'handle' },
          { kind: 'timer', of: 'tick', method: 'ring' },
        ]),
      },
    ]);
    expect(settings).toEqual([{ key: 'most', default: 5, rules: ['may be left out', 'isInt', 'max 10'] }]);
  });

  it('makes nothing of the plugin', async () => {
    expect((await inspect('test/logic/plugins/throwing')).servers).toMatchObject([{ name: 'throwing' }]);
  });

  it.each([
    ['throws', "throw new Error('no licence');", 'no licence.'],
    ['ends its thread', 'process.exit(3);', 'it has ended the thread with exit code 3.'],
    ['exports no plugin', 'export default 5;', 'exports no plugin'],
  ])('tells why it cannot look at a plugin whose module %s', async (_, text, reason) => {
    const file = join(folder, 'index.mjs');
    await writeFile(file, text);
    const failure = inspect(folder);
    await expect(failure).rejects.toThrow(`The plugin ${file} cannot be looked at: `);
    await expect(failure).rejects.toThrow(reason);
  });

  it('passes over what a module itself sends out of its thread', async () => {
    const sends = "parentPort.postMessage('ready'); parentPort.postMessage({ type: 'ready' }); export default 5;";
    await writeFile(join(folder, 'index.mjs'), `import { parentPort } from 'node:worker_threads'; ${sends}`);
    await expect(inspect(folder)).rejects.toThrow('exports no plugin');
  });

  it('shows a module nothing of the environment', async () => {
    process.env.SIGNALBOX_SECRET = 'secret';
    await writeFile(join(folder, 'index.mjs'), "throw new Error('knows ' + process.env.SIGNALBOX_SECRET);");
    await expect(inspect(folder)).rejects.toThrow('knows undefined.');
    delete process.env.SIGNALBOX_SECRET;
  });
});

describe('A plugin to be looked at', () => {
  it.each([
    ['a file', 'plugins/echo/index.ts', 'plugins/echo/index.ts'],
    ['a folder', './plugins/echo', 'plugins/echo/index.ts'],
    ['a name', 'thermostat', 'plugins/thermostat/index.ts'],
  ])('is found by %s', (_, plugin, file) => {
    expect(findPlugin(plugin, process.cwd())).toBe(resolve(file));
  });

  it.each(['tariff', '@acme/tariff'])('is found by the name of the package %s', async (name) => {
    const installed = join(folder, 'node_modules', name);
    await mkdir(installed, { recursive: true });
    await writeFile(join(installed, 'index.mjs'), '');
    expect(findPlugin(name, folder)).toBe(join(installed, 'index.mjs'));
  });

  it('is told where it was looked for when it is not found', () => {
    expect(() => findPlugin('no-such', folder)).toThrow(/There is no plugin "no-such" in .*plugins/);
  });
});
