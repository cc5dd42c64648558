import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { DataFile } from '../../../src/engine/lmdb/data-file.js';
import { Environment } from '../../../src/engine/lmdb/environment.js';
import { formatOf, upgrade } from '../../../src/engine/lmdb/format.js';
import { bodiesIn, draft, fill, wideSetting } from '../../contracts/message-log/log-under-test.js';
import { closeEngine, emptyFolder, openEngine } from './support/lmdb-under-test.js';

const children = new Set<ChildProcess>();
afterEach(async () => {
  for (const child of children) await kill(child);
});

async function kill(child: ChildProcess): Promise<void> {
  children.delete(child);
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

/** A process that owns a folder as a hub does, until it is killed. */
const OWNER = `
  import { open } from 'lmdb';
  const [path] = process.argv.slice(1);
  const root = open({ path, overlappingSync: false, maxDbs: 8, encoding: 'binary', keyEncoding: 'binary' });
  root.getBinary(Buffer.from('signalbox.owner'));
  root.transactionSync(() => root.put(Buffer.from('signalbox.owner'), Buffer.from(String(process.pid))));
  process.stdout.write('ready');
  setInterval(() => {}, 1000);
`;

async function ownerOf(folder: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', OWNER, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.add(child);
  await once(child.stdout as NodeJS.ReadableStream, 'data');
  return child;
}

/** A folder that an engine has left in order. */
async function leftFolder(): Promise<string> {
  const folder = emptyFolder();
  const engine = await openEngine(wideSetting(), folder);
  await fill(engine.messages, 'a', ['1', '2']);
  await closeEngine(engine);
  return folder;
}

const refusal = (folder: string) =>
  openEngine(wideSetting(), folder).then(
    () => 'it was opened',
    (error: Error & { code?: string }) => `${error.code}: ${error.message.replaceAll(folder, 'FOLDER')}`,
  );

describe('A data folder', () => {
  it('belongs to its owner alone', async () => {
    const folder = await leftFolder();
    for (const file of ['data.mdb', 'lock.mdb']) expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  });

  it('may have a dot in its name', async () => {
    const folder = join(emptyFolder(), 'hub-1.2');
    mkdirSync(folder);
    const engine = await openEngine(wideSetting(), folder);
    await fill(engine.messages, 'a', ['1', '2']);
    await closeEngine(engine);
    expect(statSync(join(folder, 'data.mdb')).isFile()).toBe(true);
    expect(await bodiesIn((await openEngine(wideSetting(), folder)).messages, 'a')).toEqual(['1', '2']);
  });

  it('is used by one engine of a process at a time', async () => {
    const folder = emptyFolder();
    const engine = await openEngine(wideSetting(), folder);
    expect(await refusal(folder)).toBe(
      `engine_unavailable: The data folder FOLDER is in use by process ${process.pid}. Stop that hub, or name another ` +
        'folder with --data.',
    );
    await fill(engine.messages, 'a', ['still there']);
    await closeEngine(engine);
    expect(await bodiesIn((await openEngine(wideSetting(), folder)).messages, 'a')).toEqual(['still there']);
  });

  it('is used by one process at a time, and is free as soon as that one is killed', async () => {
    const folder = await leftFolder();
    const owner = await ownerOf(folder);
    expect(await refusal(folder)).toContain(`is in use by process ${owner.pid}. Stop that hub`);
    expect(await refusal(folder)).toContain(`is in use by process ${owner.pid}`);
    await kill(owner);
    expect(await bodiesIn((await openEngine(wideSetting(), folder)).messages, 'a')).toEqual(['1', '2']);
  });

  it('is not taken for used when the id of a dead owner was given anew', async () => {
    const folder = await leftFolder();
    const file = new DataFile(folder);
    const stranger = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    children.add(stranger);
    file.exclusively(() => file.root.put(Buffer.from('signalbox.owner'), Buffer.from(String(stranger.pid))));
    await file.close();
    expect(await bodiesIn((await openEngine(wideSetting(), folder)).messages, 'a')).toEqual(['1', '2']);
  });

  it.each([
    ['a text', () => Buffer.from('hello world '.repeat(2_000))],
    ['zeros', () => Buffer.alloc(100_000)],
    ['the beginning of a file of lmdb', (whole: Buffer) => whole.subarray(0, 4_000)],
  ])('is refused with a sentence when its file is %s', async (_what, contents) => {
    const folder = await leftFolder();
    const file = join(folder, 'data.mdb');
    writeFileSync(file, contents(readFileSync(file)));
    expect(await refusal(folder)).toBe(
      'engine_unavailable: The data folder FOLDER cannot be used: its data.mdb is not a file of this engine, or was cut ' +
        'off. Restore it from a backup, or name another folder with --data.',
    );
  });

  it('is refused when its file was cut off somewhere', async () => {
    const folder = await leftFolder();
    const file = join(folder, 'data.mdb');
    truncateSync(file, Math.floor(statSync(file).size / 8_192) * 4_096);
    expect(await refusal(folder)).toMatch(
      /^engine_unavailable: .*its data.mdb has \d+ bytes and needs \d+: it was cut off/,
    );
  });

  it('is refused when lmdb wrote it in another format', async () => {
    const folder = await leftFolder();
    const file = join(folder, 'data.mdb');
    const bytes = readFileSync(file);
    bytes.writeUInt16LE(3, 28);
    writeFileSync(file, bytes);
    expect(await refusal(folder)).toContain("its data.mdb has lmdb's format 3, and this version reads 2");
  });

  it('is refused when another program keeps something there with lmdb', async () => {
    const folder = emptyFolder();
    const file = new DataFile(folder);
    file.exclusively(() => file.root.put(Buffer.from('theirs'), Buffer.from('1')));
    await file.close();
    expect(await refusal(folder)).toContain('its data.mdb was written by another program. Start the version');
  });

  it('is refused when a later version wrote it, and left as it is', async () => {
    const folder = await leftFolder();
    const file = new DataFile(folder);
    file.exclusively(() => file.root.put(Buffer.from('signalbox.format'), Buffer.from('3')));
    await file.close();
    expect(await refusal(folder)).toBe(
      'engine_unavailable: The data folder FOLDER cannot be used: it has format 3, and this version knows those up to 2. ' +
        'Start the version that wrote it, or name another folder with --data.',
    );
  });

  it('is upgraded step by step from whatever earlier format it has, all or nothing', async () => {
    const file = new DataFile(await leftFolder());
    const env = new Environment(file);
    file.exclusively(() => env.singles.put(Buffer.from('signalbox.format'), Buffer.from('1')));
    const steps: string[] = [];
    const note = (step: string) => () => {
      steps.push(step);
      env.singles.put(Buffer.from(step), Buffer.from('done'));
    };
    const later = {
      number: 3,
      upgrades: new Map([
        [1, note('1 to 2')],
        [2, note('2 to 3')],
      ]),
    };
    upgrade(file, env, formatOf(file, later), later);
    expect([steps, formatOf(file, later)]).toEqual([['1 to 2', '2 to 3'], 3]);
    const broken = () => {
      note('3 to 4')();
      throw new Error('It cannot be.');
    };
    const latest = { number: 4, upgrades: new Map([[3, broken]]) };
    expect(() => upgrade(file, env, 3, latest)).toThrow('It cannot be.');
    expect([formatOf(file, latest), env.singles.getBinary(Buffer.from('3 to 4'))]).toEqual([3, undefined]);
    await file.close();
  });

  it('of format 1, whose messages have no cause, is opened, and they stay as they are', async () => {
    const folder = await leftFolder();
    const file = new DataFile(folder);
    const env = new Environment(file);
    const place = env.keys(env.messages, {}).next().value;
    const typeAndBody = Buffer.from('text/plain{"t":1}', 'latin1');
    const head = Buffer.from('030189a0b0c0d0000000000000000000000001000000000000000a', 'hex');
    file.exclusively(() => {
      env.messages.put(place, Buffer.concat([head, typeAndBody]));
      env.singles.put(Buffer.from('signalbox.format'), Buffer.from('1'));
    });
    await file.close();
    const engine = await openEngine(wideSetting(), folder);
    const [old] = await engine.messages.open('a').read(0, 1);
    expect(old).toMatchObject({ contentType: 'text/plain', cause: undefined, publishedAt: 0x0189a0b0c0d0 });
    expect(old?.body.toString()).toBe('{"t":1}');
    await engine.messages.open('a').append(draft('3', { cause: '{"from":"admin"}' }));
    await closeEngine(engine);
    const again = new DataFile(folder);
    expect(formatOf(again)).toBe(2);
    await again.close();
  });

  it('that is not there is refused, and not made', async () => {
    const folder = join(emptyFolder(), 'nowhere');
    expect(await refusal(folder)).toMatch(
      /^engine_unavailable: .*cannot be used: it cannot be found \(.*ENOENT.*\)\. Make it/,
    );
    expect(existsSync(folder)).toBe(false);
  });

  it('that is no folder is refused with the reason', async () => {
    const folder = join(emptyFolder(), 'data');
    mkdirSync(folder);
    mkdirSync(join(folder, 'data.mdb'));
    expect(await refusal(folder)).toMatch(
      /cannot be used: it cannot be opened \(.+\)\. Let this user read and write it/,
    );
  });
});
