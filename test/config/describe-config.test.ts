import { describe, expect, it } from '@jest/globals';
import { describeConfig } from '../../src/config/describe-config.js';
import { DeviceKeys } from '../../src/config/keys/device-keys.js';
import { rulesOf } from '../../src/config/keys/key-rules.js';
import { LimitKeys } from '../../src/config/keys/limit-keys.js';
import { LocationKeys } from '../../src/config/keys/location-keys.js';
import { defaultConfig, parseConfig } from '../../src/config/load-config.js';

const text = `
listen: "[::1]:80"
data: /srv/data
fast_lane: off
limits: { max_reserved_memory: 96M, head_timeout: 1500ms }
devices: { event_timeout: 0 }
locations:
  - { path: '~ ^/x/(.*)$', channel: $1, publisher: on, subscriber: interval-poll, message_timeout: 0, channel_group: b7 }
  - { path: = /y, channel: y, subscriber: on, max_channel_subscribers: 3 }
plugins:
  thermostat: { enabled: off }
  mine: { from: /srv/mine, config: { limit: 3 } }
  own: { isolation: worker, max_memory: 64M }
`;

describe('What a configuration comes to', () => {
  const told = describeConfig(parseConfig(text, '/etc/hub.yaml'));

  it('is told in the words and units of the file', () => {
    for (const line of [
      'configuration  /etc/hub.yaml',
      'listen         [::1]:80',
      'fast_lane      off',
      '  max_reserved_memory  96M',
      '  head_timeout         1s500ms',
      '  event_timeout          never',
      '  ~ ^/x/(.*)$',
      '    regular expression; channel $1; publisher and subscriber interval-poll; dialect push',
      '  = /y',
      '    this path exactly; channel y; subscriber long-poll; dialect push',
      '  thermostat off',
      '  mine on, from /srv/mine, config {"limit":3}',
    ]) {
      expect(told.split('\n')).toContain(line);
    }
    expect(told).toMatch(/message_timeout never, subscriber_timeout never, channel_timeout 5s/);
    expect(told).toMatch(/channel_group b7,.*max_channel_subscribers any/);
    expect(told).toMatch(/max_channel_subscribers 3/);
  });

  it('has lines of a readable length, and no empty ones', () => {
    const lines = told.split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(110);
    expect(lines).not.toContain('');
  });

  it('tells every key of limits, devices and locations', () => {
    const roles = ['path', 'channel', 'commands', 'publisher', 'subscriber', 'message_buffer_length'];
    const settings = [...rulesOf(LocationKeys).keys()].filter((key) => !roles.includes(key));
    const keys = [...rulesOf(LimitKeys).keys(), ...rulesOf(DeviceKeys).keys(), ...settings];
    expect(keys.filter((key) => !new RegExp(`\\b${key} `).test(told))).toEqual([]);
  });

  it.each([
    ['/a', 'prefix;'],
    ['^~ /a', 'prefix, tried before regular expressions;'],
    ['=/a', 'this path exactly;'],
    ['~* a', 'regular expression, upper and lower case alike;'],
  ])('says how %s is compared', (path, kind) => {
    const config = parseConfig(`locations: [{ path: '${path}', channel: x, publisher: on }]`, 'x');
    expect(describeConfig(config)).toContain(`    ${kind} channel x; publisher; dialect push`);
  });

  it('says whose queue is served', () => {
    const config = parseConfig('locations: [{ path: /fan, commands: $arg_id, subscriber: on }]', 'x');
    expect(describeConfig(config)).toContain('prefix; commands $arg_id; subscriber long-poll; dialect push');
  });

  it('is told without a file, locations or plugins too', () => {
    expect(describeConfig(defaultConfig())).toMatch(/^configuration {2}the defaults; no file was read\n/);
    expect(describeConfig({ ...defaultConfig(), locations: [], plugins: [] })).toMatch(
      /\nlocations: none\nplugins: none\nlogic_servers: none$/,
    );
  });
});
