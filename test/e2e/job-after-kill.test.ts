import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { endSpawned, Spawned } from '../cli/support/spawned.js';
import { eventually } from '../support/eventually.js';

/** A hub out of its sources takes seconds to start, and more on a busy machine. */
const PATIENCE_MS = 120_000;
const DEVICES = Array.from({ length: 60 }, (_, i) => `d${i}`);

// biome-ignore lint/suspicious/noExplicitAny: what devices and producers read is JSON of its own
type Json = any;

let folder: string;
let url: string;
beforeEach(async () => {
  folder = await mkdtemp(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'signalbox-job-'));
  const settings = 'engine: lmdb\ndata: data\nlog_level: warn\nlisten: 127.0.0.1:0\nadmin: 127.0.0.1:0\n';
  await writeFile(join(folder, 'hub.yaml'), settings);
});
afterEach(async () => {
  await endSpawned();
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<Spawned> {
  const runTypeScript = ['--import', './test/support/run-typescript.mjs'];
  const config = ['--config', join(folder, 'hub.yaml')];
  const program = new Spawned(process.execPath, [...runTypeScript, 'src/main.ts', 'start', ...config]);
  await program.shown('/admin.');
  url = /http:\/\/[\d.:]+/.exec(program.out)?.[0] ?? '';
  return program;
}

const ask = async (path: string, init: RequestInit = {}): Promise<Json> => (await fetch(url + path, init)).json();

/** A device takes what there is for it, and says that it is done. Returns the command's id. */
async function obey(device: string): Promise<string | undefined> {
  const response = await fetch(`${url}/v1/devices/${device}/commands?wait=0`);
  if (response.status !== 200) return undefined;
  const { id, reply } = (await response.json()) as Json;
  expect((await fetch(`${url}${reply}/complete`, { method: 'POST' })).status).toBe(204);
  return id;
}

it(
  'a job goes on where kill -9 ended its hub: each device gets one command, and each end is counted once',
  async () => {
    let program = await start();
    const body = JSON.stringify({ name: 'update', devices: DEVICES, rate: '20/s', ack: 'result' });
    const job = await ask('/v1/commands', { method: 'POST', body });
    const commands = new Map<string, Set<string>>(DEVICES.map((device) => [device, new Set()]));
    const everyOneObeys = () =>
      Promise.all(
        DEVICES.map(async (device) => {
          const id = await obey(device);
          if (id !== undefined) commands.get(device)?.add(id);
        }),
      );
    const obeyed = () => [...commands.values()].filter(({ size }) => size > 0).length;

    for (const enough of [1, 25]) {
      await eventually(`${enough} devices have done it`, async () => {
        await everyOneObeys();
        return obeyed() >= enough;
      });
      program.kill('SIGKILL');
      await program.exit;
      program = await start();
    }
    await eventually('the job is done', async () => {
      await everyOneObeys();
      return (await ask(`/v1/commands/jobs/${job.id}`)).state === 'DONE';
    });
    const { devices } = await ask(`/v1/commands/jobs/${job.id}`);
    expect(devices).toMatchObject({ total: DEVICES.length, succeeded: DEVICES.length, inFlight: 0, notSent: 0 });
    expect([...commands.values()].every(({ size }) => size === 1)).toBe(true);
  },
  PATIENCE_MS,
);
