import { describe, expect, it } from '@jest/globals';
import type { Fault } from '../../../src/config/fault.js';
import { defaultConfig, parseConfig } from '../../../src/config/load-config.js';
import { environmentVariables, layerOfEnvironment } from '../../../src/config/sources/environment.js';
import { linesOf } from '../faults-of.js';

describe('The environment', () => {
  it('overrides the file', () => {
    const text =
      'listen: 127.0.0.1:1000\nlog_level: debug\nlimits: { max_channels: 1, max_messages: 2 }\ndevices: { event_timeout: 1s }\n';
    const env = {
      SIGNALBOX_LISTEN: '127.0.0.1:2000',
      SIGNALBOX_LIMITS_MAX_CHANNELS: '3',
      SIGNALBOX_DEVICES_EVENT_TIMEOUT: '4s',
      SIGNALBOX_EXAMPLES: 'off',
    };
    const config = parseConfig(text, 'hub.yaml', { env });
    expect(config).toMatchObject({
      listen: { host: '127.0.0.1', port: 2000 },
      logLevel: 'debug',
      examples: false,
      limits: { maxChannels: 3, maxMessages: 2 },
      devices: { eventTimeoutMs: 4_000 },
    });
  });

  it('is refused with the name of the variable', () => {
    const env = { SIGNALBOX_LIMITS_HEAD_TIMEOUT: 'soon', SIGNALBOX_FAST_LANE: '2' };
    expect(linesOf('', { env })).toEqual([
      'environment: SIGNALBOX_FAST_LANE is "2". Allowed is on or off; true is on, false is off.',
      expect.stringMatching(/^environment: SIGNALBOX_LIMITS_HEAD_TIMEOUT is "soon"\. A time from 1ms to 1h is allowed/),
    ]);
  });

  it('may not hold an unknown variable with our prefix', () => {
    expect(linesOf('', { env: { SIGNALBOX_LISTN: '8080', SIGNALBOX_COLOUR: 'red' } })).toEqual([
      'environment: SIGNALBOX_LISTN is "8080". There is no such variable; did you mean SIGNALBOX_LISTEN?',
      'environment: SIGNALBOX_COLOUR is "red". There is no such variable; docs/configuration.md lists them.',
    ]);
  });

  it('may hold everything else, empty variables, and the switch of our own tests', () => {
    const env = {
      SIGNALBOX_TEST_ALL: '1',
      SIGNALBOX_LISTEN: '',
      SIGNALBOX_NONE: undefined,
      PATH: '/bin',
      signalbox_x: '1',
    };
    expect(parseConfig('', 'hub.yaml', { env }).listen).toEqual(defaultConfig().listen);
  });

  it('has the reserved memory at both of its places, once', () => {
    const reserved = (env: Record<string, string>, text = '') =>
      parseConfig(text, 'x', { env }).limits.maxReservedMemory;
    expect(reserved({ SIGNALBOX_MAX_RESERVED_MEMORY: '64M' }, 'limits: { max_reserved_memory: 1M }')).toBe(2 ** 26);
    expect(reserved({ SIGNALBOX_LIMITS_MAX_RESERVED_MEMORY: '64M' }, 'max_reserved_memory: 1M')).toBe(2 ** 26);
    const both = { SIGNALBOX_MAX_RESERVED_MEMORY: '64M', SIGNALBOX_LIMITS_MAX_RESERVED_MEMORY: '64M' };
    expect(linesOf('', { env: both })).toEqual([
      'environment: SIGNALBOX_MAX_RESERVED_MEMORY is "64M". It is set by SIGNALBOX_LIMITS_MAX_RESERVED_MEMORY too; one of the two is allowed.',
    ]);
  });

  it('has a variable for each scalar on top level, in limits and in devices', () => {
    const faults: Fault[] = [];
    const names = [...environmentVariables.keys()];
    const layer = layerOfEnvironment(Object.fromEntries(names.map((name) => [name, 'x'])), '/', faults);
    expect(layer.top.size + layer.limits.size + layer.devices.size).toBe(names.length - 1);
    expect(names).toHaveLength(8 + 15 + 27);
    expect(names).not.toContain('SIGNALBOX_LOCATIONS');
  });
});
