import { afterEach, describe, expect, it } from '@jest/globals';
import { changesBetween, describedPlugin } from '../../src/cli/plugin-text.js';
import { FROM_SOURCES } from '../support/hub-process.js';
import { startTestHub } from '../support/start-hub.js';
import { endSpawned, Spawned } from './support/spawned.js';

afterEach(endSpawned);

const BEFORE = {
  servers: [
    {
      ...{ name: 'cooler', version: '1.0.0', hub: '^0.1', run: { isolation: 'worker', timeout: '5s' } as const },
      handlers: [{ kind: 'event' as const, of: 'devices/+/events/temperature', method: 'regulate' }],
      grants: { command: [{ device: '#', names: ['fan.set'], rate: '10/m' }] },
    },
  ],
  settings: [{ key: 'limit', default: 26, rules: ['isNumber', 'max 60'] }],
};
const [SERVER] = BEFORE.servers;

describe('A plugin in words', () => {
  it('tells how it runs, what it gets, what it may do and what it can be set to', () => {
    expect(describedPlugin(BEFORE)).toEqual([
      {
        title: 'cooler 1.0.0',
        lines: [
          'is made for hub ^0.1',
          'runs worker, timeout "5s"',
          'gets events of devices/+/events/temperature (regulate)',
          'may command fan.set of every device, 10/m',
          'may keep 16m of state',
        ],
      },
      { title: 'settings', lines: ['limit = 26: isNumber, max 60'] },
    ]);
  });

  it('takes a default that a hub does not tell for the one that is there now', () => {
    const [setting] = BEFORE.settings;
    const hidden = { ...BEFORE, settings: [{ key: 'limit', isHidden: true as const, rules: setting?.rules ?? [] }] };
    expect(changesBetween(hidden, BEFORE)).toEqual({ removed: [], added: [] });
  });

  it('shows of an upgrade what is different alone', () => {
    const grants = { command: [{ device: '#', names: ['fan.set'] }], publish: ['alarms'] };
    const after = { ...BEFORE, servers: [{ ...SERVER, name: 'cooler', version: '2.0.0', grants, handlers: [] }] };
    expect(changesBetween(BEFORE, after)).toEqual({
      removed: [
        'cooler: version 1.0.0',
        'cooler: gets events of devices/+/events/temperature (regulate)',
        'cooler: may command fan.set of every device, 10/m',
      ],
      added: ['cooler: version 2.0.0', 'cooler: may command fan.set of every device', 'cooler: may publish to alarms'],
    });
  });
});

describe('signalbox plugin inspect', () => {
  it('prints a plugin, and as JSON two versions and what is different', async () => {
    const told = new Spawned(process.execPath, [...FROM_SOURCES, 'plugin', 'inspect', 'echo']);
    expect(await told.exit).toMatchObject({ code: 0 });
    expect(told.out).toMatch(/^echo \d+\.\d+\.\d+\n {2}runs inline\n {2}gets events of devices\/\+\/events\/echo/);
    const asked = ['plugin', 'inspect', 'echo', 'test/logic/plugins/throwing', '--json'];
    const compared = new Spawned(process.execPath, [...FROM_SOURCES, ...asked]);
    expect(await compared.exit).toMatchObject({ code: 0 });
    const json = JSON.parse(compared.out);
    expect(json.after.servers[0].name).toBe('throwing');
    expect(json.added).toContain('throwing: version 2.0.0');
  });

  it('compares a plugin with the version that a hub runs', async () => {
    const hub = await startTestHub({
      yaml: 'plugins: { thermostat: { config: { limit: 12 } }, away: { enabled: off } }',
    });
    const inspect = async (...args: string[]) => {
      const told = new Spawned(process.execPath, [...FROM_SOURCES, 'plugin', 'inspect', ...args]);
      const { code } = await told.exit;
      return { code, out: told.out, err: told.err };
    };
    try {
      const same = await inspect('plugins/thermostat', '--admin', hub.adminUrl);
      expect(same).toEqual({ code: 0, out: 'Both say the same of themselves.\n', err: '' });
      const other = await inspect('echo', '--admin', hub.adminUrl, '--name', 'thermostat', '--json');
      const { before, after, removed, added } = JSON.parse(other.out);
      expect([before.servers[0].name, after.servers[0].name]).toEqual(['thermostat', 'echo']);
      expect(removed).toContain('settings: limit = 30: isNumber, min -200, max 1000');
      expect(added).toContainEqual(expect.stringMatching(/^echo: gets events of /));
      const unknown = await inspect('test/logic/plugins/scripted', '--admin', hub.adminUrl);
      expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining('There is no plugin "scripted".') });
      const both = await inspect('echo', 'thermostat', '--admin', hub.adminUrl);
      expect(both).toMatchObject({ code: 2, err: expect.stringContaining('not with both') });
      expect(await inspect('echo', '--name', 'x')).toMatchObject({ code: 2 });
    } finally {
      await hub.stop();
    }
  });

  it('fails with a sentence when there is none', async () => {
    const told = new Spawned(process.execPath, [...FROM_SOURCES, 'plugin', 'inspect', 'no-such']);
    expect(await told.exit).toMatchObject({ code: 1 });
    expect(told.err).toMatch(/^signalbox: There is no plugin "no-such" in /);
  });
});
