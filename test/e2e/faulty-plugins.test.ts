import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { endSpawned } from '../cli/support/spawned.js';
import { eventually } from '../support/eventually.js';
import { HubFolder, HubProcess } from '../support/hub-process.js';

interface Listed {
  readonly name: string;
  readonly state: string;
  readonly reason: string | null;
  readonly deadLetters: number;
  readonly worker: { readonly restarts: number } | null;
  readonly counters: Readonly<Record<string, number>>;
}

const FINE_EVENTS = 8;

let folder: HubFolder;
let hub: HubProcess;
let rounds = 0;

beforeAll(async () => {
  const plugin = (name: string) =>
    `  ${name}: { from: '${resolve(`test/logic/plugins/${name}`)}', isolation: worker }\n`;
  folder = await HubFolder.make(`plugins:\n  echo:\n${plugin('faulty')}${plugin('throwing')}${plugin('broken-file')}`);
  hub = await HubProcess.start(folder.configuration);
});

afterAll(async () => {
  await endSpawned();
  await folder.remove();
});

async function post(device: string, type: string, body: object = {}): Promise<void> {
  const request = { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } };
  const { status } = await fetch(`${hub.url}/v1/devices/${device}/events/${type}`, request);
  expect(status).toBe(202);
}

async function listed(name: string): Promise<Listed> {
  const { plugins } = (await (await fetch(`${hub.adminUrl}/admin/plugins`)).json()) as { plugins: Listed[] };
  return plugins.find((plugin) => plugin.name === name) as Listed;
}

async function letters(): Promise<{ readonly about: string; readonly error: string }[]> {
  const answer = await fetch(`${hub.adminUrl}/admin/plugins/faulty/dead-letters?limit=100`);
  return ((await answer.json()) as { letters: { about: string; error: string }[] }).letters;
}

/** Waits for a device's commands, takes them, and gives their params. */
async function commandsOf(device: string): Promise<unknown[]> {
  const answer = await fetch(`${hub.url}/v1/devices/${device}/commands?wait=50&max=100`);
  expect(answer.status).toBe(200);
  const commands = (await answer.json()) as { params: unknown }[];
  return commands.map(({ params }) => params);
}

/** An event of that type among others that are fine: waits until all these are done, once each. */
async function among(type: string): Promise<void> {
  const round = ++rounds;
  const fine = Array.from({ length: FINE_EVENTS }, (_, i) => `fine-${round}-${i}`);
  const ill = `ill-${round}`;
  await Promise.all([...fine.map((device) => post(device, 'fine', { round })), post(ill, type)]);
  await post(ill, 'fine', { round });
  await post(`neighbour-${round}`, 'echo', { round });
  expect(await commandsOf(`neighbour-${round}`)).toEqual([{ round }]);
  const done = await Promise.all([...fine, ill].map(commandsOf));
  expect(done).toEqual(done.map(() => [{ round }]));
  expect((await listed('faulty')).counters.commands).toBe(round * (FINE_EVENTS + 1));
}

describe('A hub with faulty plugins in workers', () => {
  it.each([
    ['exit', /^its worker has ended: it has ended itself with exit code 3$/],
    ['loop', /^its worker has ended: it has not answered .* something in it runs without end$/],
    ['loop-late', /^its worker has ended: it has not answered .* something in it runs without end$/],
    ['leak', /^its worker has ended: its heap has grown beyond the 128 MiB that are allowed \(max_memory\)$/],
    ['stray', /^parentPort is the hub's alone: a plugin cannot send over it\.$/],
    [
      'forged',
      /^its worker has ended: it sent .* cannot read \(parentPort is the hub's alone\): it is no message of a plugin$/,
    ],
    ['flood', /^its worker has ended: it sent .* cannot read \(parentPort is the hub's alone\): it is no list$/],
    ['post', /^faulty\.post asked for commands and messages of 104857600 bytes in one turn; 16777216 are allowed\.$/],
  ])('does every other turn once, and quarantines an event whose handler ends in: %s', async (type, error) => {
    await among(type);
    expect(await letters()).toHaveLength(rounds);
    const [letter] = (await letters()).slice(-1);
    expect(letter?.about).toContain(`devices/ill-${rounds}/events/${type}`);
    expect(letter?.error).toMatch(error);
  });

  it('goes on beside a worker that fails later, or keeps buffers', async () => {
    const before = await letters();
    const { lateFaults = 0 } = (await listed('faulty')).counters;
    await among('reject');
    await eventually(
      'the faults are told',
      async () => (await listed('faulty')).counters.lateFaults === lateFaults + 2,
    );
    const { worker } = await listed('faulty');
    await among('buffers');
    await eventually('its worker was ended', async () => {
      const now = await listed('faulty');
      return now.state === 'running' && (now.worker?.restarts ?? 0) > (worker?.restarts ?? 0);
    });
    expect(await letters()).toEqual(before);
  });

  it('tells of plugins that cannot be made or loaded, and tries them again', async () => {
    expect(await listed('throwing')).toMatchObject({
      state: 'restarting',
      reason: expect.stringMatching(/^no licence\. It is tried again after \d+ s\.$/),
    });
    expect((await listed('broken-file')).state).toBe('restarting');
  });

  it('stops within its time', async () => {
    await hub.stop();
    expect(hub.program.err).not.toContain('"level":"fatal"');
  });
});
