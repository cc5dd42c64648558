import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { usualPlaces } from '../../src/logic/loading/plugin-file.js';
import { eventually } from '../support/eventually.js';
import { LogicUnderTest, PLUGIN_FOLDER, startLogic, stopLogic } from './support/started-logic.js';

/** A plugin as it comes from a compiler: plain JavaScript, decorators called as functions. */
const COMPILED = `
import { LogicServer, OnEvent } from 'signalbox/plugin';
export default class Plain {
  handle({ device, data }, turn) { turn.command(device, 'plain', data); }
}
OnEvent('devices/+/events/reading')(Plain.prototype, 'handle', Object.getOwnPropertyDescriptor(Plain.prototype, 'handle'));
const grants = { command: [{ device: '#', names: ['plain'] }] };
LogicServer({ name: 'plain', version: '9.9.9', grants })(Plain);
`;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-plugins-'));
});
afterEach(async () => {
  await stopLogic();
  await rm(folder, { recursive: true });
});

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}

async function expectRuns(places: Parameters<typeof startLogic>[0], name: string): Promise<void> {
  const logic = await startLogic(places);
  expect(logic.status(name)).toMatchObject({ state: 'running', version: '9.9.9', reason: undefined });
  logic.post('fan-1', 'reading', 5);
  await logic.idle(name);
  expect(logic.commands('fan-1')).toEqual(['plain 5']);
}

const asModule = '{ "type": "module" }';

describe('A plugin', () => {
  it('is found in a folder of plain JavaScript', async () => {
    await write({ 'mine/index.js': COMPILED, 'mine/package.json': asModule });
    await expectRuns({ plugins: { mine: { from: join(folder, 'mine') } } }, 'mine');
  });

  it.each([
    ['main', '{ "type": "module", "main": "lib/main" }'],
    ['exports', '{ "type": "module", "main": "wrong.js", "exports": "./lib/main.js" }'],
    [
      'conditions',
      '{ "type": "module", "exports": { ".": { "require": "./no.cjs", "import": { "types": "./no.d.ts", "default": "./lib/main.js" } } } }',
    ],
  ])('is found where the %s of its package.json leads', async (_, packageFile) => {
    await write({ 'mine/lib/main.js': COMPILED, 'mine/package.json': packageFile });
    await expectRuns({ plugins: { mine: { from: join(folder, 'mine') } } }, 'mine');
  });

  it.each(['tariff', '@acme/tariff'])(
    'is found as the npm package %s, installed above the configuration',
    async (name) => {
      const at = `node_modules/${name}`;
      await write({ [`${at}/main.js`]: COMPILED, [`${at}/package.json`]: '{ "type": "module", "main": "main.js" }' });
      const places = { folders: [], packages: [join(folder, 'site', 'night')] };
      await expectRuns({ plugins: { mine: { from: name } }, places }, 'mine');
    },
  );

  it('is found by its name in "plugins" beside the configuration, before those that come with the hub', async () => {
    await write({ 'plugins/echo/index.mjs': COMPILED });
    await expectRuns({ plugins: { echo: {} }, places: usualPlaces(folder) }, 'echo');
  });

  it('of those that come with the hub is listed, switched off, when the configuration does not name it', async () => {
    const logic = await startLogic({ plugins: {}, places: usualPlaces(undefined) });
    expect(logic.logic.list().map(({ name, state }) => [name, state])).toEqual([
      ['echo', 'disabled'],
      ['fleet-rollout', 'disabled'],
      ['presence-alarm', 'disabled'],
      ['thermostat', 'disabled'],
    ]);
    expect(logic.status('echo').from).toMatch(/plugins\/echo\/index\.ts$/);
  });

  it('that is switched off is listed and not loaded', async () => {
    const logic = await startLogic({ plugins: { 'broken-file': { enabled: false }, nowhere: { enabled: false } } });
    expect(logic.status('broken-file')).toMatchObject({ state: 'disabled', version: undefined, reason: undefined });
    expect(logic.status('nowhere')).toMatchObject({ state: 'disabled', from: undefined });
    expect(logic.log.lines).toEqual([]);
  });

  it('has its modules, tokens, promised and forward imports as in any Nest application', async () => {
    const logic = await startLogic({ plugins: { wired: { config: { prefix: 'dear' } } } });
    logic.post('fan-1', 'reading', {});
    logic.post('fan-1', 'parting', {});
    await logic.idle('wired');
    expect(logic.commands('fan-1').sort()).toEqual(['greet "dear fan-1!"', 'part {}']);
    expect(logic.status('wired')).toMatchObject({
      version: '3.1.0',
      patterns: ['devices/+/events/reading', 'devices/+/events/parting'],
    });
  });
});

describe('A plugin that cannot be loaded or made', () => {
  it.each([
    ['broken-file', /^this file must not be loaded$/],
    ['throwing', /^no licence$/],
    ['unmet', /can't resolve dependencies of the Unmet/],
    ['no-server', /^No provider of the plugin in .*no-server\/index\.ts has the decorator @LogicServer\.$/],
    ['no-reader', /^The logic server "mute" has neither a method with @OnEvent nor one with @Pipeline\.$/],
    ['bad-pattern', /^astray\.handle: The pattern "orders\/\+" matches no event of a device; write it as "devices\//],
    ['too-new', /^of-tomorrow: it is made for hub \^999, and this one is \d+\.\d+\.\d+\. Install another version of/],
    ['two-configs', /^Its logic servers name 2 config classes \(First, Second\); a plugin has one at most\.$/],
    [
      'nowhere',
      /^There is no plugin "nowhere" in .*plugins; there are .*scripted.*\. Correct the name, or say with plugins\.nowhere\.from/,
    ],
  ])('(%s) is told and listed as failed, and the others run', async (name, reason) => {
    const logic = await startLogic({ plugins: { [name]: {}, scripted: {} } });
    expect(logic.status(name)).toMatchObject({ state: 'failed', reason: expect.stringMatching(reason) });
    expect(logic.log.at('error').map(({ sentence }) => sentence)).toEqual([
      `The plugin "${name}" does not run: ${logic.status(name).reason}`,
    ]);
    expect(logic.status('scripted').state).toBe('running');
    logic.post('fan-1', 'reading', { value: 1 });
    await logic.idle();
    expect(logic.status('scripted').counters.turns).toBe(1);
    expect(logic.status(name).counters.events).toBe(0);
  });

  it('for its providers never get ready has failed after ten seconds; the hub need not wait longer', async () => {
    const under = new LogicUnderTest({ plugins: { hanging: {}, scripted: {} } });
    const started = under.logic.start();
    await eventually('the others run', () => under.status('scripted').state === 'running');
    expect(under.status('hanging').state).toBe('starting');
    under.clock.advance(12_000);
    await started;
    expect(under.status('hanging')).toMatchObject({ state: 'failed', reason: 'It was not made within 10 s.' });
    await under.logic.stop(0);
  });

  it.each([
    ['a folder that is not there', './gone', /^There is no folder .*gone\.$/],
    [
      'a folder without an index file',
      '.',
      /has neither an index\.js nor a package\.json that names an existing file\.$/,
    ],
    [
      'a folder that is not compiled',
      './source',
      /\. Its index\.ts has to be compiled; name the folder that it is compiled to\.$/,
    ],
    [
      'a folder with a compiler that did not run',
      './typed',
      /\. Its TypeScript has to be compiled first, with "npm run build" or "tsc"\.$/,
    ],
    ['a package that is not installed', 'tariff', /^The package "tariff" is not installed for .* "npm install tariff"/],
  ])('for it is %s says so', async (_, from, reason) => {
    await write({ 'source/index.ts': '', 'source/package.json': '{"main":"dist/index.js"}' });
    await write({ 'typed/tsconfig.json': '{}', 'typed/package.json': '{"main":"dist/src/index.js"}' });
    const absolute = from.startsWith('.') ? join(folder, from) : from;
    const logic = await startLogic({ plugins: { mine: { from: absolute } }, places: usualPlaces(folder) });
    expect(logic.status('mine')).toMatchObject({ state: 'failed', reason: expect.stringMatching(reason) });
  });

  it('for its folder in plugins is not compiled says so, and not that there is none', async () => {
    await write({ 'plugins/mine/tsconfig.json': '{}' });
    const logic = await startLogic({ plugins: { mine: {} }, places: usualPlaces(folder) });
    expect(logic.status('mine').reason).toMatch(/^The folder .*plugins.mine has neither .* has to be compiled first/);
  });

  it.each([
    ['no default export', 'export const x = 5;', /exports no plugin: its default export must be a Nest module/],
    ['a broken package.json', COMPILED, /package\.json cannot be read: /],
  ])('for it has %s says so', async (what, code, reason) => {
    const packageFile = what === 'a broken package.json' ? '{' : asModule;
    await write({ 'mine/index.js': code, 'mine/package.json': packageFile });
    const logic = await startLogic({ plugins: { mine: { from: join(folder, 'mine') } } });
    expect(logic.status('mine')).toMatchObject({ state: 'failed', reason: expect.stringMatching(reason) });
  });
});

describe('Settings of a plugin', () => {
  it('are filled into its class, over the defaults, and injected', async () => {
    const { script } = await import('./plugins/scripted/index.js');
    await startLogic({ plugins: { scripted: { config: { most: 7 } } } });
    expect(script.settings).toMatchObject({ most: 7 });
    await stopLogic();
    await startLogic();
    expect(script.settings).toMatchObject({ most: 5 });
  });

  it('that do not fit stop the start, those of all enabled plugins told at once', async () => {
    const plugins = {
      scripted: { config: { most: 11, leats: 1 } },
      wired: { config: { prefix: 5 } },
      patterns: { config: { any: true } },
      throwing: { enabled: false, config: { any: true } },
    };
    await expect(startLogic({ plugins, places: { folders: [PLUGIN_FOLDER], packages: [] } })).rejects.toMatchObject({
      name: 'PluginConfigError',
      faults: expect.arrayContaining([
        {
          plugin: 'scripted',
          path: ['most'],
          value: 11,
          problem: { kind: 'value', allowed: 'A whole number up to 10 is allowed.' },
        },
        { plugin: 'scripted', path: ['leats'], value: 1, problem: { kind: 'unknown key', known: ['most'] } },
        {
          plugin: 'wired',
          path: ['prefix'],
          value: 5,
          problem: { kind: 'value', allowed: 'Prefix must be a string.' },
        },
        { plugin: 'patterns', path: ['any'], value: true, problem: { kind: 'unknown key', known: [] } },
      ]),
    });
  });
});
