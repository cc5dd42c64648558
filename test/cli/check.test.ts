import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '../../src/cli/run.js';
import { FakeTerminal } from './support/fake-terminal.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-check-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function checked(yaml: string, env: Record<string, string> = {}) {
  const file = join(folder, 'hub.yaml');
  await writeFile(file, yaml);
  const terminal = new FakeTerminal('', env);
  return { exitCode: await run(['check', file], terminal), out: terminal.out, err: terminal.err, file };
}

describe('signalbox check', () => {
  it('tells what every location comes to', async () => {
    const { exitCode, out, err } = await checked('locations:\n  - {path: /in, channel: $arg_id, publisher: on}\n');
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

  it('says so when the file does not exist', async () => {
    const terminal = new FakeTerminal();
    expect(await run(['check', join(folder, 'absent.yaml')], terminal)).toBe(1);
    expect(terminal.err).toContain('There is no such file.');
  });
});
