import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type TestHub, testHub } from '../../../src/testing/index.js';
import { Cooler, Moody, moods } from '../support/plugins.js';

const HEADER = { signalbox: 'recording', version: 1, startedAt: '2026-11-23T22:00:00Z', patterns: ['#'] };

let folder: string;
let hub: TestHub;
const { CI } = process.env;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-replay-'));
  hub = await testHub(Cooler);
  delete process.env.CI;
});
afterEach(async () => {
  if (CI !== undefined) process.env.CI = CI;
  delete process.env.SIGNALBOX_UPDATE_GOLDEN;
  await hub.close();
  await rm(folder, { recursive: true });
});

async function recording(...lines: readonly object[]): Promise<string> {
  const file = join(folder, 'night.ndjson');
  await writeFile(file, [HEADER, ...lines].map((line) => `${JSON.stringify(line)}\n`).join(''));
  return file;
}

function warm(time: string, device: string, celsius: number) {
  const channel = `devices/${device}/events/temperature`;
  return { kind: 'event', time: `2026-11-23T${time}Z`, channel, contentType: 'application/json', body: { celsius } };
}

function night(): Promise<string> {
  return recording(
    warm('22:00:00', 'a', 31),
    { kind: 'outcome', time: '2026-11-23T22:00:01Z', channel: 'devices/a/outcomes', state: 'SUCCEEDED', body: {} },
    { kind: 'gap', time: '2026-11-23T22:10:00Z', lost: 2, reason: 'The connection was lost.' },
    warm('22:16:00', 'b', 29),
    warm('22:17:00', 'b', 40),
  );
}

const golden = () => readFile(join(folder, 'night.golden.ndjson'), 'utf8');
const line = (time: string, device: string, on: boolean) =>
  `{"at":"2026-11-23T${time}.000Z","device":"${device}","name":"fan.set","params":{"on":${on}}}`;

describe('A replay', () => {
  it('runs events at their times, timers between them, and writes what was sent', async () => {
    await hub.replay(await night(), { afterwards: '16m' }).expectGolden();
    const lines = [line('22:00:00', 'a', true), line('22:15:00', 'a', false), line('22:17:00', 'b', true)];
    expect(await golden()).toBe(`${[...lines, line('22:32:00', 'b', false)].join('\n')}\n`);
    expect(new Date(hub.now).toISOString()).toBe('2026-11-23T22:33:00.000Z');
  });

  it('compares with the file, and shows the lines that differ', async () => {
    const file = await night();
    await hub.replay(file).expectGolden();
    await using other = await testHub(Cooler, { config: { limit: 29 } });
    await expect(other.replay(pathToFileURL(file)).expectGolden()).rejects.toThrow(
      `night.golden.ndjson:\nfrom line 3 on\n+ ${line('22:16:00', 'b', true)}\nSIGNALBOX`,
    );
    await using same = await testHub(Cooler);
    await same.replay(file).expectGolden();
  });

  it('writes the file anew when it is told to', async () => {
    const file = await night();
    await writeFile(join(folder, 'night.golden.ndjson'), 'old\n');
    await expect(hub.replay(file).expectGolden()).rejects.toThrow('- old');
    process.env.SIGNALBOX_UPDATE_GOLDEN = '1';
    await using other = await testHub(Cooler);
    await other.replay(file).expectGolden();
    expect(await golden()).toContain(line('22:17:00', 'b', true));
  });

  it('does not write a first one on a machine that builds', async () => {
    process.env.CI = 'true';
    await expect(hub.replay(await night()).expectGolden()).rejects.toThrow(/There is no .*night\.golden\.ndjson/);
  });

  it('begins now in a hub that was used already, and runs once', async () => {
    await hub.advance('1m');
    const begun = hub.now;
    const replay = hub.replay(await night());
    expect(await replay.commands()).toMatchObject([{ at: begun }, { at: begun + 900_000 }, { at: begun + 1_020_000 }]);
    expect(await replay.commands()).toHaveLength(3);
    expect(hub.commands()).toHaveLength(3);
  });

  it('tells what failed in the plugin, and of a file that is no recording', async () => {
    moods.act = () => {
      throw new Error('no luck');
    };
    await using moody = await testHub(Moody);
    const act = { kind: 'event', time: '2026-11-23T22:00:00Z', channel: 'devices/a/events/act', text: '' };
    await expect(moody.replay(await recording(act)).commands()).rejects.toThrow('no luck');
    await expect(hub.replay(join(folder, 'none.ndjson')).commands()).rejects.toThrow('there is no such file');
  });
});
