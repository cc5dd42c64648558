import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../src/config/fault.js';
import { endSpawned, Spawned } from '../cli/support/spawned.js';
import { eventually } from '../support/eventually.js';
import { ManualClock } from '../support/manual-clock.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';

let hub: TestHub | undefined;
afterEach(async () => {
  await endSpawned();
  await hub?.stop();
  hub = undefined;
});

function post(url: string, device: string, type: string, body: unknown): Promise<Response> {
  return fetch(`${url}/v1/devices/${device}/events/${type}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

/** A device's poll for its next command; `after` is the answer before. */
function poll(url: string, device: string, after?: Response): Promise<Response> {
  const headers = {
    'If-Modified-Since': after?.headers.get('last-modified') ?? '',
    'If-None-Match': after?.headers.get('etag') ?? '',
  };
  return fetch(`${url}/sub?id=devices/${device}/commands`, { headers });
}

describe.each([
  ['the fast lane', true],
  ['the Fastify door', false],
])('Through %s the control loop', (_, fastLane) => {
  it('brings what the thermostat decides to the open poll of the device, and each thing once', async () => {
    hub = await startTestHub({ fastLane });
    const { url, commands } = hub;
    const open = poll(url, 'fan-1');
    await eventually('the poll is parked', () => commands.polls === 1);
    expect((await post(url, 'fan-1', 'temperature', { celsius: 31.5 })).status).toBe(202);
    const first = await open;
    expect(first.headers.get('content-type')).toBe('application/json');
    expect(await first.json()).toEqual({ id: expect.any(String), name: 'fan.set', params: { on: true } });

    const second = poll(url, 'fan-1', first);
    for (const celsius of [33, 29, 30, 27]) await post(url, 'fan-1', 'temperature', { celsius });
    const told = (await (await second).json()) as { id: string };
    expect(told).toMatchObject({ name: 'fan.set', params: { on: false } });
    expect(await commands.find('fan-1', told.id)).toMatchObject({ seq: 2 });
  });

  it('goes on for all others when one device sends what is no temperature', async () => {
    hub = await startTestHub({ fastLane });
    const open = poll(hub.url, 'fan-2');
    for (const celsius of ['hot', null, [31]]) {
      expect((await post(hub.url, 'fan-1', 'temperature', { celsius })).status).toBe(202);
    }
    await post(hub.url, 'fan-2', 'temperature', { celsius: 40 });
    expect(await (await open).json()).toMatchObject({ params: { on: true } });
    expect(hub.channels.find('devices/fan-1/outcomes')).toBeUndefined();
  });
});

describe('The plugins of a hub', () => {
  it('are those that the configuration switches on, with its settings', async () => {
    hub = await startTestHub({ yaml: 'plugins: { echo: , thermostat: { config: { limit: 10 } } }' });
    await post(hub.url, 'd', 'temperature', { celsius: 11 });
    const first = await poll(hub.url, 'd');
    expect(await first.json()).toMatchObject({ name: 'fan.set', params: { on: true } });
    await post(hub.url, 'd', 'echo', { hello: 1 });
    expect(await (await poll(hub.url, 'd', first)).json()).toMatchObject({ name: 'echo', params: { hello: 1 } });
  });

  it('let it not start when they do not take their settings: every fault is told with file and line', async () => {
    const yaml =
      'plugins:\n  thermostat:\n    config:\n      limit: warm\n      limits: 5\n  echo:\n    config:\n      loud: on\n';
    const failure = await startTestHub({ yaml }).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(ConfigError);
    expect((failure as Error).message.split('\n')).toEqual([
      'The configuration has 3 faults:',
      'test.yaml:4: plugins.thermostat.config.limit is "warm". A number of degrees Celsius from -200 to 1000 is allowed.',
      'test.yaml:5: plugins.thermostat.config.limits is 5. There is no such key; did you mean limit?',
      'test.yaml:8: plugins.echo.config.loud is "on". There is no such key; the plugin has no settings here.',
    ]);
  });

  it('do not keep it from starting when one of them cannot be loaded', async () => {
    hub = await startTestHub({ yaml: 'plugins: { gone: { from: ./no/such/folder } }' });
    await post(hub.url, 'd', 'temperature', { celsius: 31 });
    expect(await (await poll(hub.url, 'd')).json()).toMatchObject({ name: 'fan.set' });
  });

  it('do not hold up its stop with a turn that never ends', async () => {
    const clock = new ManualClock();
    const { begun } = await import('./plugins/stuck/index.js');
    const stuck = await startTestHub({ yaml: 'plugins: { stuck: { from: ./test/e2e/plugins/stuck } }', clock });
    await post(stuck.url, 'd', 'stick', {});
    await eventually('the turn is open', () => begun.includes('d'));
    let isStopped = false;
    void stuck.stop().then(() => {
      isStopped = true;
    });
    await eventually('the hub has stopped', () => {
      clock.advance(1_000);
      return isStopped;
    });
    expect(stuck.channels.find('devices/d/commands')).toBeUndefined();
  });

  it('that leave errors uncaught do not end its process, and are named in its log', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'signalbox-'));
    const config = join(folder, 'hub.yaml');
    const from = resolve('test/e2e/plugins/untidy');
    await writeFile(join(folder, 'package.json'), '{}');
    await writeFile(
      config,
      `listen: 127.0.0.1:0\nadmin: 127.0.0.1:0\ndata: ${folder}/data\nplugins: { untidy: { from: ${from} } }\n`,
    );
    const runTypeScript = ['--import', './test/support/run-typescript.mjs'];
    const process = new Spawned('node', [...runTypeScript, 'src/main.ts', 'start', '--config', config]);
    await process.shown('Signalbox listens on ');
    const [url = ''] = /http:\/\/[\d.:]+/.exec(process.out) ?? [];
    let after: Response | undefined;
    for (const how of ['rejects', 'throws', 'subscribes', 'uses its turn']) {
      await post(url, 'd', 'mess', { how });
      after = await poll(url, 'd', after);
      expect(await after.json()).toMatchObject({ name: 'done', params: how });
    }
    await process.shown('The plugin \\"untidy\\" left an error uncaught: left behind: rejects');
    process.kill('SIGTERM');
    expect(await process.exit).toEqual({ code: 0, signal: null });
    await rm(folder, { recursive: true });
  });
});
