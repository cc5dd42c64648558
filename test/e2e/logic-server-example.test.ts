import { readFile } from 'node:fs/promises';
import { afterEach, expect } from '@jest/globals';
import { endSpawned, Spawned } from '../cli/support/spawned.js';
import { ManualClock } from '../support/manual-clock.js';
import { needs } from '../support/requirements.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';

const EXAMPLE = 'docs/examples/logic-server';

let hub: TestHub | undefined;
afterEach(async () => {
  await endSpawned();
  await hub?.stop();
  hub = undefined;
});

async function post(body: string): Promise<void> {
  await fetch(`${hub?.url}/v1/devices/fan-1/events/temperature`, { method: 'POST', body });
}

async function nextCommand(): Promise<unknown> {
  return (await fetch(`${hub?.url}/v1/devices/fan-1/commands?wait=30`)).json();
}

needs('python3')(
  'The thermostat in Python commands a fan by event and by timer, and rejects what it cannot read',
  async () => {
    const clock = new ManualClock();
    hub = await startTestHub({ yaml: await readFile(`${EXAMPLE}/signalbox.yaml`, 'utf8'), clock });
    const program = new Spawned('python3', [`${EXAMPLE}/thermostat.py`, '--admin', hub.adminUrl, '--turns', '4']);
    await post('{"celsius":31.5}');
    await program.shown('"params": {"on": true}');
    expect(await nextCommand()).toMatchObject({ name: 'fan.set', params: { on: true }, ttl: 600 });
    await post('{"celsius":32}');
    await program.shown('event fan-1 {"skip": "the fan was told already"}\n');
    clock.advance(901_000);
    await program.shown('timer fan-1 {"commands": [{"device": "fan-1", "name": "fan.set", "params": {"on": false}');
    await post('{"kelvin":304}');
    await program.shown(`event fan-1 {"reject": "KeyError: 'celsius'"}\n`);
    expect(await program.exit).toEqual({ code: 0, signal: null });
    expect(program.err).toBe('');
  },
);
