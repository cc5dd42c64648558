import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../../src/cli/run.js';
import { withSetting } from '../../src/cli/setting.js';
import type { RecordedLine } from '../../src/recording/recorded-line.js';
import { headerText, lineText } from '../../src/recording/write-line.js';
import { command, event, NOON } from '../replay/support/written-recording.js';
import { eventually } from '../support/eventually.js';
import { startTestHub } from '../support/start-hub.js';
import { FakeTerminal } from './support/fake-terminal.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'replay-'));
  file = join(folder, 'night.ndjson');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const LINES = [
  event(1, 'fan-1/temperature', { celsius: 31 }),
  command(1, 'fan-1', { name: 'fan.set', params: { on: true }, plugin: 'thermostat' }),
];

function write(lines: readonly RecordedLine[]): void {
  const header = headerText({ hub: '0.1.0', startedAt: NOON, patterns: ['devices/#'] });
  writeFileSync(file, header + lines.map(lineText).join(''));
}

async function replay(...args: string[]) {
  const terminal = new FakeTerminal();
  const exitCode = await run(['replay', file, '--plugin', 'plugins/thermostat', ...args], terminal);
  return { exitCode, out: terminal.out, err: terminal.err };
}

describe('signalbox replay', () => {
  it('shows the commands that the plugin would send, with their time and cause', async () => {
    write(LINES);
    expect(await replay()).toEqual({
      exitCode: 0,
      out:
        '2026-01-15T12:00:01.000Z fan-1 fan.set {"on":true}  ' +
        '(thermostat.regulate, event devices/fan-1/events/temperature 1768478401:0)\n' +
        '1 event and 0 outcomes were played; 1 command would be sent, and 1 was in the recording.\n',
      err: '',
    });
  });

  it('tells that there is no difference, or which, and ends so', async () => {
    write(LINES);
    const same = await replay('--diff');
    expect([same.exitCode, same.out]).toEqual([
      0,
      '1 event and 0 outcomes were played; 1 command would be sent, and 1 was in the recording.\n' +
        '1 the same, 0 with other params, 0 missing, 0 extra.\n',
    ]);
    const other = await replay('--diff', '--set', 'limit=40');
    expect(other.exitCode).toBe(1);
    expect(other.out).toBe(
      '~ 2026-01-15T12:00:01.000Z fan-1 fan.set {"on":true} → {"on":false}  ' +
        '(thermostat.regulate, event devices/fan-1/events/temperature 1768478401:0)\n' +
        '1 event and 0 outcomes were played; 1 command would be sent, and 1 was in the recording.\n' +
        '0 the same, 1 with other params, 0 missing, 0 extra.\n',
    );
    write(LINES.slice(1));
    expect((await replay('--diff')).out).toMatch(
      /^- 2026-01-15T12:00:01\.000Z fan-1 fan\.set \{"on":true\} {2}\(thermostat\.handle\)\n/,
    );
  });

  it('prints JSON', async () => {
    write(LINES);
    const lines = (await replay('--json')).out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines).toMatchObject([
      { is: 'sent', at: '2026-01-15T12:00:01.000Z', device: 'fan-1', name: 'fan.set', params: { on: true } },
      { is: 'summary', plugin: 'thermostat', events: 1, sent: 1, recorded: 1, same: 1, counters: { turns: 1 } },
    ]);
    const [difference] = (await replay('--json', '--diff', '--set', 'limit=40')).out.split('\n');
    expect(JSON.parse(difference as string)).toMatchObject({
      is: 'changed',
      recorded: { at: '2026-01-15T12:00:01.000Z', device: 'fan-1', name: 'fan.set', params: { on: true } },
      sent: { params: { on: false }, handler: 'thermostat.regulate' },
    });
  });

  it('takes the settings of a configuration file, and lays others over them', async () => {
    write(LINES);
    const config = join(folder, 'hub.yaml');
    writeFileSync(config, 'plugins: { thermostat: { config: { limit: 40 } } }');
    expect((await replay('--diff', '--config', config)).exitCode).toBe(1);
    expect((await replay('--diff', '--config', config, '--set', 'limit=30')).exitCode).toBe(0);
  });

  it('takes its time when it is asked to, and brings the same', async () => {
    write([...LINES, event(3, 'fan-1/temperature', { celsius: 20 })]);
    const fast = await replay('--speed', 'max');
    expect(await replay('--speed', '100x')).toEqual(fast);
    expect(fast.out).toContain('2 commands would be sent');
  });

  it('says when the recording has commands of another name', async () => {
    write(LINES);
    const { out } = await replay('--diff', '--as', 'heating');
    expect(out).toContain(
      'The recording has no command of a plugin "heating", but of thermostat; name one of them with --as.',
    );
  });

  it('finds a recorded hub to do what its plugin does', async () => {
    const hub = await startTestHub();
    try {
      const ended = run(['record', '--out', file, '--admin', hub.adminUrl, '--for', '2s'], new FakeTerminal());
      await eventually('the recording has begun', () => existsSync(file) && readFileSync(file).length > 0);
      for (const [device, celsius] of [
        ['a', 31],
        ['b', 32],
        ['a', 20],
        ['a', 33],
        ['b', 19],
      ] as const) {
        const url = `${hub.url}/v1/devices/${device}/events/temperature`;
        await fetch(url, { method: 'POST', body: JSON.stringify({ celsius }) });
        await fetch(`${hub.url}/v1/devices/${device}/commands?wait=0`);
      }
      expect(await ended).toBe(0);
      const { exitCode, out } = await replay('--diff');
      expect(out).toContain('5 the same, 0 with other params, 0 missing, 0 extra.');
      expect(exitCode).toBe(0);
    } finally {
      await hub.stop();
    }
  });

  it('finds a plugin by its name', async () => {
    write(LINES);
    const { exitCode, out } = await replay('--plugin', 'thermostat');
    expect(exitCode).toBe(0);
    expect(out).toContain('1 command would be sent');
  });

  it.each([
    [['--speed', 'fast'], 2, 'It must be max, real, or how many times as fast, such as 10x.'],
    [['--set', 'limit'], 2, 'It must be a key and a value, such as limit=26.'],
    [['--set', 'limit=warm'], 1, 'thermostat: config.limit is "warm".'],
    [['--set', 'most=3'], 1, 'thermostat: config.most is no setting of it'],
    [['--plugin', 'no/such/folder'], 1, 'There is no folder '],
    [['--config', 'no/such/file.yaml'], 1, 'no/such/file.yaml'],
  ])('says what is wrong with %j', async (args, code, sentence) => {
    write(LINES);
    const { exitCode, err } = await replay(...args);
    expect(exitCode).toBe(code);
    expect(err).toContain(sentence);
  });

  it('says what is wrong with the file', async () => {
    writeFileSync(file, 'hello\n');
    expect((await replay()).err).toContain(`${file}:1: It is no JSON`);
  });
});

describe('A setting of the command line', () => {
  it.each([
    ['limit=26', { limit: 26 }],
    ['name=hall', { name: 'hall' }],
    ['name="26"', { name: '26' }],
    ['room.size=[1,2]', { room: { size: [1, 2], name: 'hall' } }],
    ['a=b=c', { a: 'b=c' }],
    ['a=', { a: '' }],
  ])('%s', (written, settings) => {
    expect(withSetting(written, written.startsWith('room') ? { room: { name: 'hall' } } : {})).toEqual(settings);
  });

  it.each(['limit', '=1'])('is not %s', (written) => expect(withSetting(written)).toBeUndefined());
});
