import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { channelKey } from '../../src/channels/channel-key.js';
import { run } from '../../src/cli/run.js';
import { ManualClock } from '../support/manual-clock.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';
import { FakeTerminal } from './support/fake-terminal.js';

const SECOND = Date.UTC(2026, 10, 23, 8, 16, 54) / 1000;

let clock: ManualClock;
let hub: TestHub;
let terminal: FakeTerminal;
beforeEach(async () => {
  clock = new ManualClock(SECOND * 1000);
  hub = await startTestHub({ clock });
  terminal = new FakeTerminal();
});
afterEach(() => hub.stop());

function subscribe(...args: string[]): Promise<number> {
  return run(['subscribe', 'demo', '--url', hub.url, ...args], terminal);
}

async function post(body: string | Uint8Array<ArrayBuffer>, type = 'text/plain'): Promise<void> {
  await fetch(`${hub.url}/pub?id=demo`, { method: 'POST', body, headers: { 'Content-Type': type } });
}

async function somebodyWaits(): Promise<void> {
  while (!hub.channels.find(channelKey('', 'demo'))?.polls.size) await setImmediate();
}

describe('signalbox subscribe', () => {
  it('prints the stored messages and those that come, what is known of them on stderr, and ends after a count', async () => {
    await post('one');
    const ended = subscribe('--count', '3');
    await terminal.shown('one\n');
    await post('two\n');
    await terminal.shown('two\n');
    clock.advance(1_000);
    await post('{}', 'application/json');
    expect(await ended).toBe(0);
    expect(terminal.out).toBe('one\ntwo\n{}\n');
    expect(terminal.err).toBe(
      `-- ${SECOND}:0, text/plain, 3 bytes\n-- ${SECOND}:1, text/plain, 4 bytes\n` +
        `-- ${SECOND + 1}:0, application/json, 2 bytes\n`,
    );
  });

  it('begins behind the position that it is given', async () => {
    await post('one');
    await post('two');
    await subscribe('--since', `${SECOND}:0`, '--count', '1');
    expect(terminal.out).toBe('two\n');
  });

  it('passes over what is stored with --since now', async () => {
    await post('old');
    const ended = subscribe('--since', 'now', '--count', '1');
    await somebodyWaits();
    await post('new');
    await ended;
    expect(terminal.out).toBe('new\n');
  });

  it('prints one JSON object a line with --json, other bytes than text in base64', async () => {
    await post('say "hi"\n');
    await post(Uint8Array.of(0xff, 0x00), 'application/octet-stream');
    await subscribe('--json', '--count', '2');
    expect(
      terminal.out
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { position: `${SECOND}:0`, contentType: 'text/plain', body: 'say "hi"\n' },
      { position: `${SECOND}:1`, contentType: 'application/octet-stream', base64: '/wA=' },
    ]);
    expect(terminal.err).toBe('');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends with 0 at %s while it waits', async (signal) => {
    const ended = subscribe();
    await somebodyWaits();
    terminal.send(signal);
    expect(await ended).toBe(0);
  });

  it('ends with 0 when nobody reads its output any more', async () => {
    const ended = subscribe();
    await somebodyWaits();
    terminal.closeOutput();
    expect(await ended).toBe(0);
  });

  it('ends with 1 and what the hub said when there is no such location', async () => {
    expect(await run(['subscribe', 'demo', '--url', `${hub.url}/nowhere`], terminal)).toBe(1);
    expect(terminal.err).toMatch(/^signalbox: \S+\/nowhere\?id=demo answered 404 \(Not Found\): Nothing is served at /);
  });
});
