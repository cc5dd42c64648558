import { resolve } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { run } from '../../src/cli/run.js';
import { FakeTerminal } from '../cli/support/fake-terminal.js';
import { eventually } from '../support/eventually.js';
import { ManualClock } from '../support/manual-clock.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';
import { AdminClient } from './support/admin-client.js';

describe('GET /admin/plugins/{name}/shadow', () => {
  let hub: TestHub;
  let admin: AdminClient;
  const clock = new ManualClock();

  afterEach(() => hub.stop());

  /** A hub whose thermostat has itself as its shadow, with other settings. */
  async function start(settings: string): Promise<void> {
    const shadow = `shadow: '${resolve('plugins/thermostat')}', shadow_config: ${settings}`;
    hub = await startTestHub({ yaml: `plugins: { thermostat: { ${shadow} } }`, clock });
    admin = await AdminClient.of(hub.adminUrl);
    await eventually('the shadow runs, or has failed', async () => (await report()).state !== 'starting');
  }

  const report = async () => (await admin.get('/admin/plugins/thermostat/shadow')).json;

  async function measure(...celsius: number[]): Promise<void> {
    for (const degrees of celsius) {
      const body = JSON.stringify({ celsius: degrees });
      await fetch(`${hub.url}/v1/devices/fan-1/events/temperature`, { method: 'POST', body });
    }
    await eventually('both are done', async () => {
      const { json } = await admin.get('/admin/plugins');
      const { counters, shadow } = json.plugins.find(({ name }: { name: string }) => name === 'thermostat');
      return counters.turns === celsius.length && shadow.counters.turns === celsius.length;
    });
    clock.advance(15_000);
  }

  async function shadow(...args: string[]) {
    const terminal = new FakeTerminal();
    const exitCode = await run(['plugin', 'shadow', '--admin', hub.adminUrl, ...args], terminal);
    return { exitCode, out: terminal.out, err: terminal.err };
  }

  it('finds nothing where both do the same', async () => {
    await start('{}');
    await measure(31, 20);
    expect(await report()).toMatchObject({
      state: 'running',
      compared: { live: 2, shadow: 2, same: 2, missing: 0, extra: 0, changed: 0 },
      differences: [],
    });
    const { exitCode, out } = await shadow('thermostat');
    expect([exitCode, out]).toEqual([
      0,
      expect.stringMatching(
        /^The shadow of thermostat, version \d+\.\d+\.\d+, is running\n2 commands sent, 2 by the shadow: 2 same, 0 changed, 0 missing, 0 extra, 0 moved, 0 uncompared\.\n0 of its attempts failed; it is 0 ms behind\.\n$/,
      ),
    ]);
  });

  it('tells why a shadow is not loaded anew, and of a plugin that has none', async () => {
    await start('{}');
    const inline = await admin.post('/admin/plugins/thermostat/shadow/reload', undefined);
    expect([inline.status, inline.json.code]).toEqual([503, 'plugin_failed']);
    expect(inline.json.detail).toContain('Set plugins.thermostat.isolation to worker');
    expect((await admin.post('/admin/plugins/echo/shadow/reload', undefined)).json.code).toBe('shadow_not_found');
  });

  it('tells what the candidate does otherwise, and none of it is done', async () => {
    await start('{ limit: 40 }');
    await measure(31);
    const { compared, differences } = await report();
    expect(compared).toMatchObject({ live: 1, shadow: 1, changed: 1, same: 0 });
    expect(differences).toMatchObject([
      {
        is: 'changed',
        device: 'fan-1',
        name: 'fan.set',
        live: {
          params: { on: true },
          by: expect.stringMatching(/^event devices\/fan-1\/events\/temperature \d+:\d+$/),
        },
        shadow: { params: { on: false } },
      },
    ]);
    expect(await hub.commands.stateOf('fan-1')).toMatchObject({ waiting: 1 });
    const { exitCode, out } = await shadow('thermostat');
    expect(exitCode).toBe(1);
    expect(out).toMatch(
      /\n~ 2026-\S+Z fan-1 fan\.set \{"on":true\} → \{"on":false\} {2}\(thermostat\.regulate, event \S+ \S+\)\n$/,
    );
    expect(JSON.parse((await shadow('thermostat', '--json')).out)).toMatchObject({
      state: 'running',
      differences: [{}],
    });
  });

  it('tells why a candidate does not run, and the hub runs on', async () => {
    await start('{ limit: warm }');
    expect(await report()).toMatchObject({ state: 'failed', reason: expect.stringContaining('the setting limit') });
    expect((await shadow('thermostat')).exitCode).toBe(1);
    expect((await admin.get('/readyz')).json.status).toBe('ready');
  });

  it('says when there is none', async () => {
    await start('{}');
    expect((await admin.get('/admin/plugins/echo/shadow')).json.code).toBe('shadow_not_found');
    expect(await shadow('ghost')).toEqual({
      exitCode: 1,
      out: '',
      err: expect.stringContaining('There is no plugin "ghost".'),
    });
  });
});
