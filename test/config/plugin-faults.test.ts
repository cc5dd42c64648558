import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '../../src/config/fault.js';
import { parseConfig } from '../../src/config/load-config.js';
import { type PluginFault, pluginFaults } from '../../src/config/plugin-faults.js';

const yaml = 'plugins:\n  alarm:\n    config:\n      limitt: 3\n      rooms:\n        - { size: x }\n  bare:\n';

function told(fault: Omit<PluginFault, 'plugin'> & { plugin?: string }): string {
  const { plugins } = parseConfig(yaml, 'hub.yaml');
  const faults = pluginFaults([{ plugin: 'alarm', ...fault }], plugins, 'hub.yaml');
  return new ConfigError(faults).message.split('\n')[1] ?? '';
}

describe('A setting that a plugin does not take', () => {
  it('is told with file, line, key, value and what is allowed', () => {
    const problem = { kind: 'value', allowed: 'A number is allowed.' } as const;
    expect(told({ path: ['rooms', '0', 'size'], value: 'x', problem })).toBe(
      'hub.yaml:6: plugins.alarm.config.rooms[0].size is "x". A number is allowed.',
    );
  });

  it('is told with what was most likely meant when there is no such key', () => {
    const problem = { kind: 'unknown key', known: ['limit', 'rooms'] } as const;
    expect(told({ path: ['limitt'], value: 3, problem })).toBe(
      'hub.yaml:4: plugins.alarm.config.limitt is 3. There is no such key; did you mean limit?',
    );
  });

  it('is told as such when the plugin has no settings at all', () => {
    const problem = { kind: 'unknown key', known: [] } as const;
    expect(told({ path: ['limitt'], value: 3, problem })).toMatch(
      /There is no such key; the plugin has no settings here\.$/,
    );
  });

  it('is told with the line of what is around it when it is missing', () => {
    const problem = { kind: 'value', allowed: 'A text is allowed.' } as const;
    expect(told({ path: ['rooms', '0', 'name'], value: undefined, problem })).toBe(
      'hub.yaml:6: plugins.alarm.config.rooms.0.name. It is missing. A text is allowed.',
    );
    expect(told({ plugin: 'bare', path: ['name'], value: undefined, problem })).toBe(
      'hub.yaml: plugins.bare.config.name. It is missing. A text is allowed.',
    );
  });
});
