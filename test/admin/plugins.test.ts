import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { startTestHub, type TestHub } from '../support/start-hub.js';
import { AdminClient } from './support/admin-client.js';

describe('GET /admin/plugins', () => {
  let hub: TestHub;

  afterEach(() => hub.stop());

  async function start(yaml: string): Promise<AdminClient> {
    hub = await startTestHub({ yaml });
    return AdminClient.of(hub.adminUrl);
  }

  it('lists those that run, that are switched off and that failed, by name', async () => {
    const admin = await start('plugins: { gone: { from: ./no/such/folder } }');
    const { json } = await admin.get('/admin/plugins');
    const told: { name: string }[] = json.plugins;
    expect(told.filter(({ name }) => ['echo', 'gone', 'thermostat'].includes(name))).toMatchObject([
      { name: 'echo', state: 'disabled', version: null, reason: null, patterns: [] },
      { name: 'gone', state: 'failed', version: null, reason: expect.stringMatching(/\.$/) },
      {
        name: 'thermostat',
        state: 'running',
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        from: expect.stringContaining('thermostat'),
        reason: null,
        patterns: ['devices/+/events/temperature'],
      },
    ]);
  });

  it('counts what a plugin did', async () => {
    const admin = await start('');
    for (const body of ['{"celsius":31.5}', '{"celsius":"warm"}']) {
      const url = `${hub.url}/v1/devices/fan-1/events/temperature`;
      await fetch(url, { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });
    }
    const thermostat = async () => {
      const { json } = await admin.get('/admin/plugins');
      return json.plugins.find(({ name }: { name: string }) => name === 'thermostat');
    };
    await eventually('the plugin has had both events', async () => {
      const { turns, invalid } = (await thermostat()).counters;
      return turns + invalid === 2;
    });
    expect(await thermostat()).toMatchObject({
      queued: 0,
      openTurns: 0,
      counters: { events: 2, turns: 1, invalid: 1, commands: 1, failed: 0, dropped: 0 },
    });
  });

  it('tells what a plugin says of itself, and nothing of what it is set to', async () => {
    const admin = await start('plugins: { thermostat: { config: { limit: 12.5 } }, echo: { enabled: off } }');
    const { json } = await admin.get('/admin/plugins/thermostat/description');
    expect(json.servers).toMatchObject([
      {
        name: 'thermostat',
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
        grants: { command: [{ device: '#', names: ['fan.set'] }] },
        handlers: [{ kind: 'event', of: 'devices/+/events/temperature', method: expect.any(String) }],
      },
    ]);
    expect(json.settings).toEqual([{ key: 'limit', default: 30, rules: expect.arrayContaining(['isNumber']) }]);
    const { status, json: problem } = await admin.get('/admin/plugins/echo/description');
    expect([status, problem.code]).toEqual([503, 'plugin_failed']);
    expect(problem.detail).toBe('The plugin "echo" is not loaded: it is disabled.');
    expect((await admin.get('/admin/plugins/nobody/description')).json.code).toBe('plugin_not_found');
  });

  it('refuses parameters', async () => {
    const admin = await start('');
    expect((await admin.get('/admin/plugins?name=echo')).json.code).toBe('bad_request');
  });
});
