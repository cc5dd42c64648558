import { resolve } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { endSpawned } from '../cli/support/spawned.js';
import { HubFolder, HubProcess } from '../support/hub-process.js';

let folder: HubFolder | undefined;
afterEach(async () => {
  await endSpawned();
  await folder?.remove();
});

/** As a handler has them that says nothing else. */
const RETRIES = 3;
const DEVICES = ['d-1', 'd-2', 'd-3', 'd-4'];

async function post({ url }: HubProcess, device: string, type: string): Promise<void> {
  // The hub may end before it has answered; what it has stored then is brought to the plugin all the same.
  await fetch(`${url}/v1/devices/${device}/events/${type}`, { method: 'POST' }).catch(() => {});
}

/** How many commands a device has been sent. */
async function commandsFor({ url }: HubProcess, device: string): Promise<number> {
  const answer = await fetch(`${url}/v1/devices/${device}/commands?max=100&wait=20`);
  return answer.status === 200 ? ((await answer.json()) as unknown[]).length : 0;
}

async function lettersOf({ adminUrl }: HubProcess): Promise<{ about: string; error: string; attempts: number }[]> {
  const answer = await fetch(`${adminUrl}/admin/plugins/fatal/dead-letters`);
  return ((await answer.json()) as { letters: { about: string; error: string; attempts: number }[] }).letters;
}

it('A hub whose process an event ends again and again gives that event up, and does all others once', async () => {
  folder = await HubFolder.make(`plugins: { fatal: { from: '${resolve('test/e2e/plugins/fatal')}' } }\n`);
  const first = await HubProcess.start(folder.configuration);
  await post(first, 'ill', 'fatal');
  expect(await first.program.exit).toMatchObject({ signal: 'SIGKILL' });
  // Each of these ends with it, perhaps before it says where it listens.
  for (let life = 2; life <= 2 + RETRIES; life++) {
    const hub = await HubProcess.start(folder.configuration).catch(() => undefined);
    await hub?.program.exit;
  }

  const hub = await HubProcess.start(folder.configuration);
  for (const device of [...DEVICES, 'ill']) await post(hub, device, 'fine');
  for (const device of [...DEVICES, 'ill']) expect(await commandsFor(hub, device)).toBe(1);
  expect(await lettersOf(hub)).toMatchObject([
    {
      about: expect.stringMatching(/^event devices\/ill\/events\/fatal /),
      error: "it was open when the hub's process ended without a stop, the last time alone; it failed 4 times.",
      attempts: 1 + RETRIES,
    },
  ]);
  await hub.stop();
  expect(await hub.program.exit).toMatchObject({ code: 0 });
}, 60_000);
