import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../../src/cli/run.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';
import { FakeTerminal } from './support/fake-terminal.js';
import { ScriptedHub } from './support/scripted-hub.js';

let folder: string;
let hub: TestHub;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-publish-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  hub = await startTestHub();
});
afterEach(() => hub.stop());

async function publish(args: readonly string[], input: string | Buffer = '', url = hub.url) {
  const terminal = new FakeTerminal(input);
  const exitCode = await run(['publish', ...args, '--url', url], terminal);
  return { exitCode, out: terminal.out, err: terminal.err };
}

async function stored(channel: string) {
  const response = await fetch(`${hub.url}/sub?id=${channel}`);
  return { type: response.headers.get('content-type'), body: Buffer.from(await response.arrayBuffer()) };
}

describe('signalbox publish', () => {
  it('publishes its argument and prints the state of the channel', async () => {
    expect(await publish(['demo', 'größer', '--type', 'text/x-note; charset=utf-8'])).toEqual({
      exitCode: 0,
      out: 'queued messages: 1\nlast requested: 0 sec. ago (-1=never)\nactive subscribers: 0\n',
      err: '',
    });
    expect(await stored('demo')).toEqual({ type: 'text/x-note; charset=utf-8', body: Buffer.from('größer') });
  });

  it('publishes what a file holds, byte by byte', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    const file = join(folder, 'bytes');
    await writeFile(file, bytes);
    await publish(['demo', '--file', file]);
    expect((await stored('demo')).body).toEqual(bytes);
  });

  it.each([[['demo']], [['demo', '--file', '-']]])('publishes what stdin gives with the arguments %p', async (args) => {
    await publish(args, 'line one\nline two\n');
    expect((await stored('demo')).body.toString()).toBe('line one\nline two\n');
  });

  it('publishes an empty message when that is what it is given', async () => {
    await publish(['demo', '']);
    expect((await stored('demo')).body).toHaveLength(0);
  });

  it('names the channel as it is written', async () => {
    await publish(['devices/fan-1/commands', '{}']);
    expect((await stored('devices/fan-1/commands')).body.toString()).toBe('{}');
  });

  it('tells what the hub refused with', async () => {
    const { exitCode, out, err } = await publish(['demo'], Buffer.alloc(1024 * 1024 + 1));
    expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
    expect(err).toMatch(/^signalbox: \S+\/pub\?id=demo answered 413 \([\w ]+\): \S.*\n$/);
  });

  it('tells when nothing listens, and that the message was not published', async () => {
    const scripted = new ScriptedHub([]);
    const url = await scripted.listen();
    await scripted.close();
    expect(await publish(['demo', 'hello'], '', url)).toEqual({
      exitCode: 1,
      out: '',
      err: `signalbox: The hub at ${url} cannot be reached: nothing listens there. The message was not published.\n`,
    });
  });

  it('tells when the connection was cut, and that nobody knows what became of the message', async () => {
    const scripted = new ScriptedHub(['cut']);
    const { exitCode, err } = await publish(['demo', 'hello'], '', await scripted.listen());
    await scripted.close();
    expect(exitCode).toBe(1);
    expect(err).toContain('the connection was cut. Whether the message was published is not known.');
  });

  it('tells when the file cannot be read', async () => {
    const { exitCode, err } = await publish(['demo', '--file', join(folder, 'absent')]);
    expect(exitCode).toBe(1);
    expect(err).toBe(`signalbox: The file ${join(folder, 'absent')} cannot be read: it does not exist.\n`);
  });
});
