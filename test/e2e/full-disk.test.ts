import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect } from '@jest/globals';
import { run } from '../../src/cli/run.js';
import { FakeTerminal } from '../cli/support/fake-terminal.js';
import { endSpawned } from '../cli/support/spawned.js';
import { eventually } from '../support/eventually.js';
import { HubFolder, HubProcess } from '../support/hub-process.js';
import { needs } from '../support/requirements.js';
import { SmallDisk } from '../support/small-disk.js';

/** A hub out of the sources takes seconds to start on a busy machine. */
const PATIENCE_MS = 120_000;
const LOCATIONS = `
locations:
  - { path: /pub, channel: $arg_id, publisher: on, message_buffer_length: 1000, message_timeout: 0 }
  - { path: /now, channel: $arg_id, publisher: on, durability: none }
  - { path: /sub, channel: $arg_id, subscriber: long-poll }
`;
const BODY = 'x'.repeat(200_000);

let disk: SmallDisk | undefined;
afterEach(async () => {
  await endSpawned();
  disk?.remove();
  disk = undefined;
});

async function publish(hub: HubProcess, channel: string, body = BODY, path = '/pub') {
  const response = await fetch(`${hub.url}${path}?id=${channel}`, { method: 'POST', body });
  return { status: response.status, text: await response.text() };
}

/** Publishes until it is refused. @returns how many were taken, and the refusal */
async function fill(hub: HubProcess, channel: string) {
  for (let taken = 0; ; taken++) {
    const answer = await publish(hub, channel);
    if (answer.status !== 202 && answer.status !== 201) return { taken, refusal: answer };
  }
}

async function stored(hub: HubProcess, channel: string): Promise<number> {
  const response = await fetch(`${hub.adminUrl}/admin/channels/${channel}`);
  return ((await response.json()) as { messages: number }).messages;
}

const isTaken = async (hub: HubProcess, channel: string) => (await publish(hub, channel)).status < 300;

describe('A hub whose disk is full', () => {
  needs('mount')(
    'refuses publishers with the reason, serves everybody else, and takes messages again when there is room',
    async () => {
      disk = new SmallDisk('16m');
      const folder = await HubFolder.make(LOCATIONS, disk.path);
      const filler = join(disk.path, 'filler');
      await writeFile(filler, Buffer.alloc(4_000_000));
      const hub = await HubProcess.start(folder.configuration);
      await publish(hub, 'first', 'stored before');
      const poll = fetch(`${hub.url}/sub?id=live`);

      const { taken, refusal } = await fill(hub, 'much');
      expect(taken).toBeGreaterThan(10);
      expect(refusal.status).toBe(507);
      expect(refusal.text).toMatch(
        /^This could not be written, for the disk is full: \d+ bytes are free where .*data lies\./,
      );

      expect(await (await fetch(`${hub.url}/sub?id=first`)).text()).toBe('stored before');
      expect(await stored(hub, 'much')).toBe(taken);
      expect((await publish(hub, 'live', 'in memory', '/now')).status).toBeLessThan(300);
      expect(await (await poll).text()).toBe('in memory');

      await rm(filler);
      await eventually('publishing goes on when the disk has room', () => isTaken(hub, 'more'));
      const kept = 1 + (await fill(hub, 'more')).taken;

      await fetch(`${hub.url}/pub?id=much`, { method: 'DELETE' });
      await eventually('publishing goes on when a channel was deleted', () => isTaken(hub, 'last'));

      await hub.stop();
      expect((await hub.program.exit).code).toBe(0);
      const next = await HubProcess.start(folder.configuration);
      expect(await stored(next, 'more')).toBe(kept);
      expect(await (await fetch(`${next.url}/sub?id=first`)).text()).toBe('stored before');
      await next.stop();
    },
    PATIENCE_MS,
  );

  needs('mount')(
    'is neither backed up to it nor restored on it, and nothing is left there',
    async () => {
      disk = new SmallDisk('4m');
      const folder = await HubFolder.make(LOCATIONS);
      const hub = await HubProcess.start(folder.configuration);
      for (let i = 0; i < 30; i++) await publish(hub, 'much');
      const typed = async (...args: string[]) => {
        const terminal = new FakeTerminal();
        return { exitCode: await run([...args], terminal), err: terminal.err };
      };
      const small = join(disk.path, 'hub.backup');
      const refused = await typed('backup', small, '--config', folder.configuration);
      expect(refused.exitCode).toBe(1);
      expect(refused.err).toMatch(
        /There is not enough room for .*: it takes up to [67]\.\d MB, and [34]\.\d MB are free there\./,
      );
      const file = folder.file('hub.backup');
      expect(await typed('backup', file, '--config', folder.configuration)).toEqual({ exitCode: 0, err: '' });
      const unrestored = await typed('restore', file, '--data', join(disk.path, 'data'));
      expect(unrestored.exitCode).toBe(1);
      expect(unrestored.err).toMatch(/There is not enough room in .*data: /);
      await hub.stop();
      await folder.remove();
    },
    PATIENCE_MS,
  );
});
