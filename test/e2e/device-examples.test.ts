import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import { endSpawned, Spawned } from '../cli/support/spawned.js';
import { codeBlocks } from '../docs/house-files.js';
import { eventually } from '../support/eventually.js';
import { needs, pathOf } from '../support/requirements.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';

const DOCUMENT = 'docs/devices.md';

let hub: TestHub;
let folder: string;
beforeEach(async () => {
  hub = await startTestHub();
  folder = await mkdtemp(join(tmpdir(), 'signalbox-devices-'));
});
afterEach(async () => {
  await endSpawned();
  await rm(folder, { recursive: true });
  await hub.stop();
});

function blockWith(language: string, text: string): string {
  const found = codeBlocks(DOCUMENT, language).find((block) => block.includes(text));
  if (!found) throw new Error(`${DOCUMENT} has no ${language} with "${text}".`);
  return found;
}

/** A file in the test's folder; returns its path. */
async function written(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

/** Sends a command to the device, waits until it has told it, and until its next poll has said so. */
async function doesCommands(device: string, running: Spawned): Promise<void> {
  const commands = `${hub.url}/v1/devices/${device}/commands`;
  for (const speed of [1, 2]) {
    const sent = await fetch(commands, {
      method: 'POST',
      body: JSON.stringify({ name: 'fan.set', params: { speed } }),
    });
    const { id } = (await sent.json()) as { id: string };
    await running.shown(String(speed));
    await eventually('the command is acknowledged', async () => {
      const { state } = (await (await fetch(`${commands}/${id}`)).json()) as { state: string };
      return state === 'SUCCEEDED';
    });
  }
}

describe('The devices of docs/devices.md', () => {
  needs('sh', 'curl')('in shell does its commands, in five lines', async () => {
    const script = blockWith('sh', 'while answer');
    expect(script.trim().split('\n')).toHaveLength(5);
    await doesCommands('fan-7', new Spawned('sh', ['-c', script], { env: { HUB: hub.url } }));
  });

  needs('python3')('in Python does its commands', async () => {
    const script = blockWith('python', 'urllib.request');
    await doesCommands('fan-8', new Spawned('python3', ['-c', script], { env: { HUB: hub.url } }));
  });

  needs('python3')('in MicroPython, with nothing but sockets, does its commands', async () => {
    const device = await written('device.py', blockWith('python', 'import HOST, PORT'));
    await written('hub.py', `HOST, PORT = "${hub.host}", ${hub.port}\n`);
    await doesCommands('fan-10', new Spawned('python3', ['-u', device]));
  });

  needs(
    'sh',
    'cc',
    'curl-config',
  )('in C, with libcurl, does its commands', async () => {
    const source = await written('device.c', blockWith('c', 'curl_easy_perform'));
    const program = source.replace(/\.c$/, '');
    const flags = '-std=c99 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror';
    const command = `${pathOf('cc')} ${flags} -o "${program}" "${source}" $(curl-config --cflags --libs)`;
    const compiled = new Spawned('sh', ['-c', command]);
    expect(await compiled.exit.then(({ code }) => [code, compiled.err])).toEqual([0, '']);
    await doesCommands('fan-11', new Spawned(program, [], { env: { HUB: hub.url } }));
  });

  needs('sh', 'curl')('has its registry, batches and desired states answered as told', async () => {
    for (const text of ['"attributes"', '"7-1"', '{"on":true}']) {
      const script = blockWith('sh', text).replaceAll('curl ', 'curl -sf ');
      const running = new Spawned('sh', ['-ec', script], { env: { HUB: hub.url } });
      expect(await running.exit).toMatchObject({ code: 0 });
    }
    const device = (await (await fetch(`${hub.url}/v1/devices/fan-7`)).json()) as object;
    expect(device).toMatchObject({ attributes: { site: 'north', floor: 3 } });
  });
});
