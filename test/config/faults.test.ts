import { describe, expect, it } from '@jest/globals';
import { checkLocations } from '../../src/locations/check-locations.js';
import { linesOf } from './faults-of.js';

/** A file in which everything is wrong that can be. */
const HOPELESS = `listen: everywhere
lisen: 8080
data: 5
fast_lane: quick
log_level: chatty
limits:
  max_channels: -1
  max_head_size: 8 kilo
  head_timeout: soon
  max_chanels: 3
devices: many
locations:
  - path: /a
    channel: $1
    publisher: on
    min_message_buffer_length: 20
  - path: /a
    channel: $arg_id
plugins:
  thermostat: { enabled: perhaps }
`;

describe('Everything that is wrong', () => {
  it('is told at once, in the order of the lines, each with file, line, key and value', () => {
    const env = { SIGNALBOX_LIMITS_MAX_MESSAGES: 'none' };
    const lines = linesOf(HOPELESS, { env, overrides: { admin: 'x' }, checkLocations });
    expect(lines.map((line) => line.split('. ')[0])).toEqual([
      'hub.yaml:1: listen is "everywhere"',
      'hub.yaml:2: lisen is 8080',
      'hub.yaml:3: data is 5',
      'hub.yaml:4: fast_lane is "quick"',
      'hub.yaml:5: log_level is "chatty"',
      'hub.yaml:7: limits.max_channels is -1',
      'hub.yaml:8: limits.max_head_size is "8 kilo"',
      'hub.yaml:9: limits.head_timeout is "soon"',
      'hub.yaml:10: limits.max_chanels is 3',
      'hub.yaml:11: devices is "many"',
      'hub.yaml:14: locations[0].channel is "$1"',
      'hub.yaml:16: locations[0].min_message_buffer_length is 20',
      'hub.yaml:17: locations[1]',
      'hub.yaml:17: locations[1].path is "/a"',
      'hub.yaml:20: plugins.thermostat.enabled is "perhaps"',
      'command line: --admin is "x"',
      'environment: SIGNALBOX_LIMITS_MAX_MESSAGES is "none"',
    ]);
    expect(lines.every((line) => !line.includes('\n') && line.endsWith('.') !== line.endsWith('?'))).toBe(true);
  });

  it('is told of the environment too when the file is not YAML', () => {
    expect(linesOf('a: [', { env: { SIGNALBOX_DATE: 'x' } })).toEqual([
      expect.stringMatching(/^hub\.yaml:1: Not YAML: /),
      'environment: SIGNALBOX_DATE is "x". There is no such variable; did you mean SIGNALBOX_DATA?',
    ]);
  });

  it.each([
    ['- listen', 'The file is a list. A mapping of keys to values is allowed.'],
    ['listen', 'The file is "listen". A mapping of keys to values is allowed.'],
    ['limits: [1]', 'limits is a list. A mapping of keys to values is allowed.'],
    ['location: []', 'location is a list. There is no such key; did you mean locations?'],
    [
      'colour: red',
      'colour is "red". There is no such key; allowed are listen, admin, engine, data, fast_lane, log_level, examples, max_reserved_memory, limits, devices, locations, plugins, logic_servers.',
    ],
    ['"lis\\nten": 1', '"lis\\nten" is 1. There is no such key; did you mean listen?'],
    ['__proto__: { listen: 1 }', '__proto__ is a mapping. There is no such key; allowed are listen'],
    ['limits: { constructor: 1 }', 'limits.constructor is 1. There is no such key; allowed are max_reserved_memory'],
    ['<<: { listen: 1 }', '"<<" is a mapping. There is no such key'],
  ])('%j is refused', (text, fault) => {
    expect(linesOf(text)).toEqual([expect.stringContaining(`hub.yaml:1: ${fault}`)]);
  });
});

describe('An impossible pair', () => {
  it.each([
    [
      'listen: 127.0.0.1:9\nadmin: 127.0.0.1:9\n',
      'hub.yaml:2: admin is "127.0.0.1:9". listen is 127.0.0.1:9 and admin is 127.0.0.1:9; two different ports are needed, or 0 for any free one.',
    ],
    ['# x\nlisten: ":8081"\n', 'hub.yaml:2: listen is ":8081". listen is :8081 and admin is 127.0.0.1:8081; two'],
    [
      'max_reserved_memory: 1M\nlimits:\n  max_reserved_memory: 1M\n',
      'hub.yaml:1: max_reserved_memory is "1M". It is set by limits.max_reserved_memory too; one of the two is allowed.',
    ],
    [
      'limits: { max_receiving_size: 2M }\ndevices: { max_event_size: 3M }\n',
      'hub.yaml:2: devices.max_event_size is "3M". limits.max_receiving_size is 2M; at most that is allowed.',
    ],
  ])('%j is refused', (text, fault) => {
    expect(linesOf(text)).toEqual([expect.stringContaining(fault)]);
  });

  it.each([
    ['publisher: off\nsubscriber: off', 'locations[0]. A location needs a role'],
    [
      'publisher: on\nmin_message_buffer_length: 4\nmax_message_buffer_length: 3',
      'locations[0].min_message_buffer_length is 4. max_message_buffer_length is 3; at most that is allowed.',
    ],
    [
      'publisher: on\nmin_message_buffer_length: 11',
      'locations[0].min_message_buffer_length is 11. max_message_buffer_length is 10 by default; at most that is allowed.',
    ],
    [
      'publisher: on\nmaxBodySize: 300M',
      'locations[0].maxBodySize is "300M". limits.max_receiving_size is 256M by default; at most that is allowed.',
    ],
    [
      'publisher: on\nmessage_buffer_length: 4\nmin_message_buffer_length: 3',
      'locations[0].message_buffer_length is 4. It sets the least and the most, and min_message_buffer_length stands here too',
    ],
    [
      'publisher: on\nmessage_buffer_length: 4\nmin_message_buffer_length: 3\nmax_message_buffer_length: 3',
      'and min_message_buffer_length and max_message_buffer_length stands here too',
    ],
  ])('%j of a location is refused', (lines, fault) => {
    const text = `locations:\n  - path: /a\n    channel: x\n${lines.replace(/^/gm, '    ')}\n`;
    expect(linesOf(text)).toEqual([expect.stringContaining(fault)]);
  });

  it.each(['listen: 0\nadmin: 0\n', 'listen: 127.0.0.1:9\nadmin: 127.0.0.2:9\n', 'max_reserved_memory: 1M\n'])(
    '%j is none',
    (text) => {
      expect(linesOf(text)).toEqual([]);
    },
  );

  it('is not told when one of the two is wrong by itself', () => {
    expect(linesOf('listen: x\nadmin: 127.0.0.1:8080\n')).toHaveLength(1);
    const location = (lines: string) => linesOf(`locations: [{ path: /a, channel: x, ${lines} }]`);
    expect(location('publisher: x')).toHaveLength(1);
    expect(location('publisher: on, min_message_buffer_length: 20, max_message_buffer_length: x')).toHaveLength(1);
  });
});
