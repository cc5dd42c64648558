import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '../../src/cli/run.js';
import { HubFolder, HubProcess } from '../support/hub-process.js';
import { FakeTerminal } from './support/fake-terminal.js';
import { endSpawned } from './support/spawned.js';

/** The program is compiled as it is loaded, which takes seconds on a busy machine. */
const PATIENCE_MS = 60_000;

let folder: HubFolder;
let hub: HubProcess;
beforeAll(async () => {
  folder = await HubFolder.make();
  hub = await HubProcess.start(folder.configuration);
  for (let i = 0; i < 30; i++) await publish(`channel-${i % 3}`, `message ${i}`);
}, PATIENCE_MS);
afterAll(async () => {
  await endSpawned();
  await folder.remove();
});
const others: { hub: HubProcess; folder: HubFolder }[] = [];
afterEach(async () => {
  for (const { hub: other, folder: its } of others.splice(0)) {
    await other.stop();
    await its.remove();
  }
});

async function publish(channel: string, body: string) {
  const response = await fetch(`${hub.url}/pub?id=${channel}`, { method: 'POST', body });
  expect(response.status).toBe(202);
}

/** All bodies of a channel, by long-polls one behind the other. */
async function stored(url: string, channel: string, count: number): Promise<string[]> {
  const bodies: string[] = [];
  let headers: Record<string, string> = {};
  for (let i = 0; i < count; i++) {
    const response = await fetch(`${url}/sub?id=${channel}`, { headers });
    bodies.push(await response.text());
    headers = {
      'If-Modified-Since': response.headers.get('last-modified') ?? '',
      'If-None-Match': response.headers.get('etag') ?? '',
    };
  }
  return bodies;
}

async function typed(args: readonly string[], terminal = new FakeTerminal()) {
  const exitCode = await run(args, terminal);
  return { exitCode, out: terminal.out, err: terminal.err };
}

const inFolder = () => ['--config', folder.configuration];

/** Makes a backup of the running hub. */
async function backedUp(name: string): Promise<string> {
  const file = folder.file(name);
  expect(await typed(['backup', file, ...inFolder()])).toMatchObject({ exitCode: 0, err: '' });
  return file;
}

const leftIn = async (path: string) => (await readdir(path)).sort();

describe('signalbox backup and restore', () => {
  it(
    'carry all that a running hub has stored to another folder, for another hub',
    async () => {
      const file = await backedUp('whole.backup');
      await publish('channel-0', 'behind the backup');
      expect((await stat(file)).mode & 0o777).toBe(0o600);
      const other = await HubFolder.make();
      const restored = await typed(['restore', file, '--config', other.configuration]);
      expect(restored).toMatchObject({ exitCode: 0, err: '' });
      expect(restored.out).toContain(`${other.data} is as it was at `);
      expect(await leftIn(other.data)).toEqual(['data.mdb']);
      const second = await HubProcess.start(other.configuration);
      others.push({ hub: second, folder: other });
      const expected = Array.from({ length: 10 }, (_, i) => `message ${i * 3}`);
      expect(await stored(second.url, 'channel-0', 10)).toEqual(expected);
      const state = await (await fetch(`${second.adminUrl}/admin/channels/channel-0`)).json();
      expect(state).toMatchObject({ messages: 10 });
    },
    PATIENCE_MS,
  );
});

describe('signalbox backup', () => {
  it('tells how much it wrote, and leaves nothing beside the file', async () => {
    const before = await leftIn(folder.path);
    const { out } = await typed(['backup', folder.file('told.backup'), ...inFolder()]);
    expect(out).toMatch(/told\.backup holds \d+ messages in \d+ channels, [\d.]+ kB\.\n$/);
    expect(await leftIn(folder.path)).toEqual([...before, 'told.backup'].sort());
  });

  it('replaces no file without --force', async () => {
    const file = folder.file('precious');
    await writeFile(file, 'precious');
    const refused = await typed(['backup', file, ...inFolder()]);
    expect(refused).toEqual({
      exitCode: 1,
      out: '',
      err: `signalbox: ${file} exists. Name another file, or let --force replace it.\n`,
    });
    expect(await readFile(file, 'utf8')).toBe('precious');
    expect(await typed(['backup', file, '--force', ...inFolder()])).toMatchObject({ exitCode: 0 });
    expect(await readFile(file, 'latin1')).toMatch(/^signalbox backup 1\n/);
  });

  it('tells why the file cannot be written, and leaves nothing', async () => {
    const file = folder.file('absent/hub.backup');
    const { exitCode, err } = await typed(['backup', file, ...inFolder()]);
    expect({ exitCode, err }).toEqual({
      exitCode: 1,
      err: `signalbox: ${file} cannot be written: it does not exist. No backup was made.\n`,
    });
  });

  it('tells when there is no hub’s data in the folder, and makes no folder', async () => {
    const absent = folder.file('no-data');
    const { exitCode, err } = await typed(['backup', folder.file('x'), '--data', absent]);
    expect(exitCode).toBe(1);
    expect(err).toContain(`The data folder ${absent} cannot be used: it holds no data.mdb that can be read.`);
    expect(existsSync(absent)).toBe(false);
    expect(existsSync(folder.file('x'))).toBe(false);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stopped by %s leaves no file and ends with %d', async (signal, exitCode) => {
    const terminal = new FakeTerminal();
    const before = await leftIn(folder.path);
    // The signal comes before the first block: the command looks for it behind each.
    const done = typed(['backup', folder.file('stopped.backup'), ...inFolder()], terminal);
    await Promise.resolve();
    terminal.send(signal);
    expect(await done).toEqual({
      exitCode,
      out: '',
      err: `signalbox: It was stopped by ${signal}. No backup was made.\n`,
    });
    expect(await leftIn(folder.path)).toEqual(before);
  });
});

describe('signalbox restore', () => {
  let file: string;
  beforeAll(async () => {
    file = await backedUp('for-restore.backup');
  });

  it('refuses the folder of a hub that runs, with --force as well', async () => {
    for (const force of [[], ['--force']]) {
      const { exitCode, err } = await typed(['restore', file, ...force, ...inFolder()]);
      expect(exitCode).toBe(1);
      expect(err).toContain(`The data folder ${folder.data} is in use by process `);
      expect(err).toContain('Stop that hub, or name another folder with --data.');
    }
    expect(await leftIn(folder.data)).toEqual(['data.mdb', 'lock.mdb']);
  });

  it('replaces what a hub has stored only with --force', async () => {
    const target = folder.file('twice');
    await typed(['restore', file, '--data', target]);
    const { exitCode, err } = await typed(['restore', file, '--data', target]);
    expect(exitCode).toBe(1);
    expect(err).toContain(`The folder ${target} is not empty. Name an empty one with --data, or let --force replace`);
    expect(await typed(['restore', file, '--force', '--data', target])).toMatchObject({ exitCode: 0, err: '' });
  });

  it('fills no folder with files of others', async () => {
    const target = folder.file('others');
    await mkdir(target);
    await writeFile(`${target}/letter.txt`, 'hello');
    expect(await typed(['restore', file, '--data', target])).toMatchObject({ exitCode: 1 });
    expect(await leftIn(target)).toEqual(['letter.txt']);
  });

  const damages: [string, (bytes: Buffer) => Buffer, string][] = [
    ['was cut off', (bytes) => bytes.subarray(0, bytes.length - 100), 'it was cut off. Take another backup.'],
    ['lacks its last byte', (bytes) => bytes.subarray(0, -1), 'it was cut off. Take another backup.'],
    ['had a byte changed', (bytes) => flipped(bytes, bytes.length - 60), 'it was changed or damaged.'],
    ['has something behind its end', (bytes) => Buffer.concat([bytes, Buffer.of(1)]), 'it was changed or damaged.'],
    ['is empty', () => Buffer.alloc(0), 'it is not a backup of Signalbox.'],
    ['is something else', () => Buffer.from('<html>\n<body>\n'), 'it is not a backup of Signalbox.'],
    ['has another first line', (bytes) => replaced(bytes, 'backup 1', 'backup 9'), 'Use the version that wrote it.'],
    ['has a broken header', (bytes) => replaced(bytes, '"format"', 'xformatx'), 'first lines are not those'],
    [
      'is of a newer format',
      (bytes) => replaced(bytes, '"format":2', '"format":9'),
      'it has format 9 of version 0.1.0',
    ],
  ];

  it.each(damages)('refuses a backup that %s before it makes the folder', async (_what, damage, sentence) => {
    const damaged = folder.file('damaged.backup');
    await writeFile(damaged, damage(await readFile(file)));
    const target = folder.file('never-made');
    const { exitCode, out, err } = await typed(['restore', damaged, '--data', target]);
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(err).toContain(`signalbox: ${damaged} cannot be restored from: `);
    expect(err).toContain(sentence);
    expect(existsSync(target)).toBe(false);
  });

  it('tells when there is no such file', async () => {
    const absent = folder.file('absent.backup');
    const { exitCode, err } = await typed(['restore', absent, '--data', folder.file('never-made')]);
    expect({ exitCode, err }).toEqual({
      exitCode: 1,
      err: `signalbox: The file ${absent} cannot be read: it does not exist.\n`,
    });
  });

  it('clears away what a restore that was killed has left', async () => {
    const target = folder.file('killed');
    await mkdir(`${target}/restore-abc123`, { recursive: true });
    await writeFile(`${target}/restore-abc123/data.mdb`, 'half');
    expect(await typed(['restore', file, '--data', target])).toMatchObject({ exitCode: 0, err: '' });
    expect(await leftIn(target)).toEqual(['data.mdb']);
  });

  it('stopped by a signal leaves a folder as it was', async () => {
    const target = folder.file('stopped');
    await typed(['restore', file, '--data', target]);
    const before = await readFile(`${target}/data.mdb`);
    const terminal = new FakeTerminal();
    const done = typed(['restore', file, '--force', '--data', target], terminal);
    await Promise.resolve();
    terminal.send('SIGINT');
    expect(await done).toEqual({
      exitCode: 130,
      out: '',
      err: 'signalbox: It was stopped by SIGINT. Nothing was restored.\n',
    });
    expect(await readFile(`${target}/data.mdb`)).toEqual(before);
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] as number) ^ 1;
  return copy;
}

function replaced(bytes: Buffer, part: string, by: string): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(part, by), 'latin1');
}

describe('signalbox inspect', () => {
  it('tells what the folder of a running hub holds', async () => {
    const { exitCode, out, err } = await typed(['inspect', ...inFolder()]);
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toMatch(/^data folder {3}\S+\nin use {8}by process \d+\nfile {10}[\d.]+ kB, of which /);
    expect(out).toMatch(/Largest channels:\n {2}[\d.]+ kB {2}1[01] messages {2}channel-0\n/);
  });

  it('tells the same of a backup, and as JSON', async () => {
    const file = await backedUp('inspected.backup');
    const { out } = await typed(['inspect', file]);
    expect(out).toMatch(/^backup {8}\S+\ntaken {9}at \S+ by version \d/);
    const ofBackup = JSON.parse((await typed(['inspect', file, '--json'])).out);
    const ofFolder = JSON.parse((await typed(['inspect', '--json', ...inFolder()])).out);
    const { channels, messages, messageBytes, records, largestChannels } = ofFolder;
    expect(ofBackup).toMatchObject({ format: 2, channels, messages, messageBytes, records, largestChannels });
    expect(ofFolder).toMatchObject({ dataFolder: folder.data, channels: 3, inUseBy: expect.any(Number) });
  });

  it('shows no channel’s name as a terminal would take it', async () => {
    await publish(encodeURIComponent('\x1b[2J'), 'x');
    const { out } = await typed(['inspect', ...inFolder()]);
    expect(out).not.toContain('\x1b');
  });

  it('says that a backup is damaged', async () => {
    const file = await backedUp('to-damage.backup');
    await writeFile(file, flipped(await readFile(file), 200));
    expect(await typed(['inspect', file])).toMatchObject({ exitCode: 1, out: '' });
  });
});
