import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '../../src/cli/run.js';
import { FROM_SOURCES } from '../support/hub-process.js';
import { FakeTerminal } from './support/fake-terminal.js';
import { endSpawned, Spawned } from './support/spawned.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-check-'));
});
afterEach(endSpawned);
afterAll(() => rm(folder, { recursive: true }));

/** A plugin of the tests of `logic`. */
const plugin = (name: string) => resolve('test/logic/plugins', name);

async function checked(yaml: string, env: Record<string, string> = {}) {
  const file = join(folder, 'hub.yaml');
  await writeFile(file, yaml);
  const terminal = new FakeTerminal('', env);
  return { exitCode: await run(['check', file], terminal), out: terminal.out, err: terminal.err, file };
}

/** As `checked`, in a process of its own: plugins are loaded in threads, which begin as the process does. */
async function checkedApart(yaml: string) {
  const file = join(folder, 'hub.yaml');
  await writeFile(file, yaml);
  const program = new Spawned(process.execPath, [...FROM_SOURCES, 'check', file]);
  const { code } = await program.exit;
  return { exitCode: code, out: program.out, err: program.err, file };
}

describe('signalbox check', () => {
  it('tells what every location comes to', async () => {
    const { exitCode, out, err } = await checkedApart('locations:\n  - {path: /in, channel: $arg_id, publisher: on}\n');
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toContain('/in');
    expect(out).toContain('channel $arg_id');
    expect(out).toMatch(/[^\n]\n$/);
  });

  it('tells every fault at once, those of paths and templates among them, a line each', async () => {
    const { exitCode, out, err, file } = await checked(
      'listne: 8080\nlimits: {max_channels: many}\nlocations:\n  - {path: "~ (", channel: $arg_id, publisher: on}\n',
    );
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(err).toContain(`${file}:1: listne`);
    expect(err).toContain(`${file}:2: limits.max_channels is "many"`);
    expect(err).toContain(`${file}:4: locations[0].path`);
    expect(err).not.toMatch(/\n\s+at /);
  });

  it('counts the environment in', async () => {
    const { exitCode, err } = await checked('', { SIGNALBOX_LISTEN: 'nowhere' });
    expect(exitCode).toBe(1);
    expect(err).toContain('SIGNALBOX_LISTEN is "nowhere"');
  });

  it("tells settings that a plugin does not take, with their lines, by the plugin's own rules", async () => {
    const { exitCode, out, err, file } = await checkedApart(
      'plugins:\n  thermostat:\n    config:\n      limit: warm\n      limits: 3\n',
    );
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(err).toBe(
      'The configuration has 2 faults:\n' +
        `${file}:4: plugins.thermostat.config.limit is "warm". A number of degrees Celsius from -200 to 1000 is allowed.\n` +
        `${file}:5: plugins.thermostat.config.limits is 3. There is no such key; did you mean limit?\n`,
    );
  });

  it('tells what a plugin does not take together with what else is wrong, in the order of the lines', async () => {
    const { exitCode, err, file } = await checkedApart(
      'log_level: loud\nplugins:\n  thermostat: { config: { limit: warm } }\n  nope: { enabled: perhaps }\nengine: sqlite\n',
    );
    expect(exitCode).toBe(1);
    expect(err.split('\n')).toEqual([
      'The configuration has 4 faults:',
      `${file}:1: log_level is "loud". Allowed is silent, error, warn, info or debug.`,
      `${file}:3: plugins.thermostat.config.limit is "warm". A number of degrees Celsius from -200 to 1000 is allowed.`,
      `${file}:4: plugins.nope.enabled is "perhaps". Allowed is on or off; true is on, false is off.`,
      `${file}:5: engine is "sqlite". Allowed is lmdb or memory.`,
      '',
    ]);
  });

  it("tells settings that a plugin's shadow does not take, its own or the plugin's", async () => {
    const entry = (from: string, shadow: string) => `    from: '${plugin(from)}'\n    shadow: '${plugin(shadow)}'\n`;
    const { exitCode, err, file } = await checkedApart(
      `plugins:\n  own:\n${entry('workaday', 'candidate')}    shadow_config: { most: 11 }\n` +
        `  shared:\n${entry('scripted', 'workaday')}    config: { most: 3 }\n` +
        `  gone:\n${entry('workaday', 'nowhere')}`,
    );
    expect(exitCode).toBe(1);
    expect(err).toContain(`${file}:5: plugins.own.shadow_config.most is 11. A number up to 10 is allowed.\n`);
    expect(err).toContain(
      `${file}:9: plugins.shared.config.most is 3. The shadow does not take it; it may have a shadow_config. There is no such key`,
    );
    expect(err).toContain(`${file}:12: plugins.gone.shadow. It cannot be loaded: `);
  });

  it('tells plugins that cannot be loaded', async () => {
    const { exitCode, err } = await checkedApart(`plugins:\n  nope:\n  broken: { from: '${plugin('broken-file')}' }\n`);
    expect(exitCode).toBe(1);
    expect(err).toContain('plugins.nope. It cannot be loaded: There is no plugin "nope" in ');
    expect(err).toContain('plugins.broken. It cannot be loaded: ');
  });

  it('tells a plugin whose file ends its process', async () => {
    await writeFile(join(folder, 'index.mjs'), 'process.exit(3);');
    const { exitCode, err } = await checkedApart(`plugins:\n  leaving: { from: '${folder}' }\n`);
    expect(exitCode).toBe(1);
    expect(err).toContain('plugins.leaving. It cannot be loaded: It has ended the thread with exit code 3.\n');
  });

  it('makes nothing of a plugin, and looks at none that is switched off', async () => {
    const { exitCode, err } = await checkedApart(
      `plugins:\n  throwing: { from: '${plugin('throwing')}' }\n  broken: { from: '${plugin('broken-file')}', enabled: off }\n`,
    );
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  });

  it('says so when the file does not exist', async () => {
    const terminal = new FakeTerminal();
    expect(await run(['check', join(folder, 'absent.yaml')], terminal)).toBe(1);
    expect(terminal.err).toContain('There is no such file.');
  });
});
