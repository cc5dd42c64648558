import { describe, expect, it } from '@jest/globals';
import { parseConfig } from '../../src/config/load-config.js';
import { linesOf } from './faults-of.js';

function pluginsOf(text: string) {
  return parseConfig(text, 'hub.yaml').plugins;
}

describe('Plugins', () => {
  it('are on when they are named, and off when it is said', () => {
    const names = pluginsOf('plugins:\n  echo:\n  door: {}\n  alarm: { enabled: off }\n').map(({ name, enabled }) => [
      name,
      enabled,
    ]);
    expect(names).toEqual([
      ['thermostat', true],
      ['echo', true],
      ['door', true],
      ['alarm', false],
    ]);
  });

  it('leave the thermostat on unless it is switched off', () => {
    expect(pluginsOf('plugins: {}')).toMatchObject([{ name: 'thermostat', enabled: true }]);
    expect(pluginsOf('plugins: { thermostat: { enabled: false } }')).toMatchObject([
      { name: 'thermostat', enabled: false },
    ]);
  });

  it('get their settings as they are written', () => {
    const [thermostat] = pluginsOf('plugins: { thermostat: { config: { limit: 26.5, rooms: [a, { b: null }] } } }');
    expect(thermostat).toEqual({
      name: 'thermostat',
      enabled: true,
      from: undefined,
      isolation: undefined,
      maxMemoryBytes: 128 * 2 ** 20,
      config: { limit: 26.5, rooms: ['a', { b: null }] },
      places: expect.anything(),
    });
  });

  it('may have a candidate version beside them, with settings of its own or with theirs', () => {
    const [thermostat, alarm] = pluginsOf(
      'plugins:\n  thermostat: { shadow: ./next, shadow_config: { limit: 3 } }\n  alarm: { config: { a: 1 }, shadow: "@acme/alarm" }\n',
    );
    expect(thermostat?.shadow).toMatchObject({
      ...{ from: expect.stringMatching(/^\/.*\/next$/), config: { limit: 3 }, configKey: 'shadow_config' },
    });
    expect(thermostat?.shadow?.places.find(['limit'])?.key).toBe('plugins.thermostat.shadow_config.limit');
    expect(alarm?.shadow).toMatchObject({ from: '@acme/alarm', config: { a: 1 }, configKey: 'config' });
    expect(alarm?.shadow?.places.find(['a'])?.key).toBe('plugins.alarm.config.a');
  });

  it('remember where each of their settings was written', () => {
    const [, alarm] = pluginsOf(
      'plugins:\n  alarm:\n    config:\n      limit: 3\n      rooms:\n        - { name: a }\n',
    );
    const place = (key: string, line: number) => ({ key: `plugins.alarm.config${key}`, file: 'hub.yaml', line });
    expect(alarm?.places.find([])).toEqual(place('', 3));
    expect(alarm?.places.find(['limit'])).toEqual(place('.limit', 4));
    expect(alarm?.places.find(['rooms', '0', 'name'])).toEqual(place('.rooms[0].name', 6));
    expect(alarm?.places.find(['rooms', '1'])).toBeUndefined();
  });

  it.each([
    ['plugins: 5', 'plugins is 5. A mapping'],
    ['plugins: [a]', 'plugins is a list. A mapping'],
    ['plugins: { a: on }', 'plugins.a is "on". A mapping'],
    ['plugins: { a: { config: 5 } }', 'plugins.a.config is 5. A mapping'],
    ['plugins: { a: { enabled: maybe } }', 'plugins.a.enabled is "maybe". Allowed is on or off'],
    ['plugins: { a: { shadow: 5 } }', 'plugins.a.shadow is 5. A folder'],
    ['plugins: { a: { shadow_config: 5 } }', 'plugins.a.shadow_config is 5. A mapping'],
    ['plugins: { a: { isolation: process } }', 'plugins.a.isolation is "process". Allowed is inline or worker'],
    ['plugins: { a: { max_memory: 1M } }', 'plugins.a.max_memory is "1M". A size from 32M to 64G'],
    ['plugins: { a: { from: 5 } }', 'plugins.a.from is 5. A folder'],
    ['plugins: { a: { enable: on } }', 'plugins.a.enable is "on". There is no such key; did you mean enabled?'],
    ['plugins: { ../a: {} }', 'plugins.../a is a mapping. A plugin is named by letters'],
    ['plugins: { "a\\n": {} }', 'plugins."a\\n" is a mapping. A plugin is named by letters'],
    ['plugins: { .a: {} }', 'plugins..a is a mapping. A plugin is named by letters'],
  ])('are refused as %s', (text, fault) => {
    expect(linesOf(text)).toEqual([expect.stringContaining(`hub.yaml:1: ${fault}`)]);
  });
});
