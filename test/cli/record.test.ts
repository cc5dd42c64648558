import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../../src/cli/run.js';
import { readRecording } from '../../src/recording/read-recording.js';
import { CuttableWire } from '../support/cuttable-wire.js';
import { eventually } from '../support/eventually.js';
import { needs } from '../support/requirements.js';
import { SmallDisk } from '../support/small-disk.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';
import { FakeTerminal } from './support/fake-terminal.js';

describe('signalbox record', () => {
  let folder: string;
  let file: string;
  let hub: TestHub;
  let wire: CuttableWire;
  let terminal: FakeTerminal;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'record-'));
    file = join(folder, 'night.ndjson');
    mkdirSync(join(folder, 'data'));
    await start();
    wire = await CuttableWire.to({ host: hub.host, port: hub.adminPort });
  });

  afterEach(async () => {
    await wire.close();
    await hub.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function start(): Promise<void> {
    hub = await startTestHub({ engine: 'lmdb', data: join(folder, 'data') });
  }

  function record(...args: string[]): Promise<number> {
    terminal = new FakeTerminal();
    return run(['record', '--out', file, '--admin', wire.url, ...args], terminal);
  }

  async function report(number: number): Promise<void> {
    const url = `${hub.url}/v1/devices/d/events/number`;
    expect((await fetch(url, { method: 'POST', body: String(number) })).status).toBe(202);
  }

  /** What of `report` the file has, in its order; as far as it has been written. */
  async function numbers(): Promise<unknown[]> {
    const found: unknown[] = [];
    for await (const { line } of (await readRecording(file, () => {})).lines) {
      if (line.kind === 'event' && line.channel.endsWith('/number') && 'json' in line.body) found.push(line.body.json);
    }
    return found;
  }

  const isThere = () => statSync(file, { throwIfNoEntry: false }) !== undefined;

  async function begun(): Promise<void> {
    await eventually('the recording has begun', () => isThere() && readFileSync(file).length > 0);
  }

  async function has(...expected: number[]): Promise<void> {
    await eventually('the file has what was reported', async () => (await numbers()).length >= expected.length);
    expect(await numbers()).toEqual(expected);
  }

  it('writes what happens until it is stopped, and tells what the file holds', async () => {
    const ended = record('--pattern', 'devices/+/events/number', '--pattern', 'devices/+/commands');
    await begun();
    await report(1);
    await hub.commands.send('d', 'go', { fast: true });
    await has(1);
    await eventually('the command is there', () => readFileSync(file, 'utf8').includes('"go"'));
    terminal.send('SIGINT');
    expect(await ended).toBe(0);
    expect(terminal.out).toMatch(new RegExp(`^${file} holds 1 event, 1 command and 0 outcomes, \\d+ bytes\\.\\n$`));
    const { header } = await readRecording(file, () => {});
    expect(header.patterns).toEqual(['devices/+/events/number', 'devices/+/commands']);
  });

  it('begins with what the hub keeps when it is asked to, and ends after a time', async () => {
    await report(1);
    await report(2);
    expect(await record('--from', 'oldest', '--for', '500ms')).toBe(0);
    expect(await numbers()).toEqual([1, 2]);
  });

  it('neither misses nor repeats a line when the connection is cut', async () => {
    const ended = record();
    await begun();
    await report(1);
    await has(1);
    wire.cut();
    await report(2);
    await terminal.shown('cannot be reached');
    wire.mend();
    await has(1, 2);
    await report(3);
    await has(1, 2, 3);
    terminal.send('SIGTERM');
    expect(await ended).toBe(0);
    expect(terminal.out).not.toContain('gap');
    expect(terminal.err).toMatch(/cannot be reached: the connection was cut\. Asking again in 0\.\d s\./);
  });

  it('finds what came while the connection was cut also when it had brought nothing before', async () => {
    await report(1);
    const ended = record();
    await begun();
    wire.cut();
    await report(2);
    await terminal.shown('cannot be reached');
    wire.mend();
    await eventually('the second one is there', async () => (await numbers()).includes(2));
    terminal.send('SIGINT');
    await ended;
  });

  it('goes on with a hub that was started anew', async () => {
    const ended = record();
    await begun();
    await report(1);
    await has(1);
    await hub.stop();
    await terminal.shown('Asking again');
    await start();
    await report(2);
    wire.lead({ host: hub.host, port: hub.adminPort });
    await has(1, 2);
    terminal.send('SIGINT');
    expect(await ended).toBe(0);
  });

  it('goes on with a file, behind its last whole line', async () => {
    const ended = record();
    await begun();
    await report(1);
    await has(1);
    terminal.send('SIGINT');
    await ended;
    appendFileSync(file, '{"kind":"event","ti');
    await report(2);
    const resumed = record('--resume');
    await has(1, 2);
    terminal.send('SIGINT');
    expect(await resumed).toBe(0);
    expect(terminal.out).toMatch(/holds \d+ events, /);
    expect(terminal.err).toContain(`${file}:`);
    expect(terminal.err).toContain('The last line was cut off');
  });

  it.each([
    [[], 1, 'exists. Name another file, go on with it by --resume, or let --force replace it.'],
    [['--resume', '--force'], 2, '--resume and --force cannot both be done; choose one.'],
    [['--resume', '--pattern', 'a'], 2, 'is a recording of "devices/#"; leave --pattern out to go on with it.'],
  ])('leaves a file that is there alone: %j', async (args, code, sentence) => {
    const content = '{"signalbox":"recording","version":1,"patterns":["devices/#"]}\n';
    writeFileSync(file, content);
    expect(await record(...args)).toBe(code);
    expect(terminal.err).toContain(sentence);
    expect(readFileSync(file, 'utf8')).toBe(content);
  });

  it('replaces a file when it may', async () => {
    writeFileSync(file, 'mine');
    expect(await record('--force', '--from', 'oldest', '--for', '500ms')).toBe(0);
    expect(await numbers()).toEqual([]);
  });

  it.each([
    [['--pattern', 'a/#/b'], 1, 'A channel pattern is allowed'],
    [['--from', 'noon'], 1, '"from" is "noon"'],
    [['--for', 'long'], 2, 'It must be a time such as 90s, 10m or 8h'],
    [['--admin', 'hub:8081'], 2, '--admin is "hub:8081", which is not a URL'],
  ])('says what is wrong with %j, and leaves no file', async (args, code, sentence) => {
    expect(await record(...args)).toBe(code);
    expect(terminal.err).toContain(sentence);
    expect(isThere()).toBe(false);
  });

  it('leaves no file when the hub never answers', async () => {
    wire.cut();
    const ended = record();
    await terminal.shown('Asking again');
    terminal.send('SIGINT');
    expect(await ended).toBe(1);
    expect(terminal.err).toContain(`The hub never answered; there is no ${file}.`);
    expect(isThere()).toBe(false);
  });

  needs('mount')('ends behind its last whole line when the disk is full', async () => {
    const disk = new SmallDisk('1m');
    try {
      file = join(disk.path, 'night.ndjson');
      const ended = record();
      await begun();
      for (let number = 0; number < 40; number++) {
        const body = JSON.stringify({ number, text: 'x'.repeat(50_000) });
        await fetch(`${hub.url}/v1/devices/d/events/long`, { method: 'POST', body });
      }
      expect(await ended).toBe(1);
      expect(terminal.err).toContain(
        'cannot be written: the disk is full. What was recorded until then is whole; go on with --resume.',
      );
      const warnings: string[] = [];
      const { lines } = await readRecording(file, (warning) => warnings.push(warning));
      let count = 0;
      for await (const _ of lines) count++;
      expect(count).toBeGreaterThan(5);
      expect(warnings).toEqual([]);
    } finally {
      disk.remove();
    }
  });
});
