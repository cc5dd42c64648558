import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DeviceKeys } from '../../src/config/keys/device-keys.js';
import { HubKeys } from '../../src/config/keys/hub-keys.js';
import { rulesOf } from '../../src/config/keys/key-rules.js';
import { LimitKeys } from '../../src/config/keys/limit-keys.js';
import { LocationKeys } from '../../src/config/keys/location-keys.js';
import { CommandGrantKeys, GrantKeys, JobGrantKeys, LogicServerKeys } from '../../src/config/keys/logic-server-keys.js';
import { PluginKeys } from '../../src/config/keys/plugin-keys.js';
import { defaultConfig, parseConfig } from '../../src/config/load-config.js';
import { environmentVariables } from '../../src/config/sources/environment.js';
import { checkLocations } from '../../src/locations/check-locations.js';

const document = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');

/** The rows of the first table of a chapter, without its head and the last column. */
function tableOf(heading: string): readonly string[][] {
  const chapter = document.split(/^###? /m).find((text) => text.startsWith(`${heading}\n`)) ?? '';
  const lines = chapter.split('\n');
  const start = lines.findIndex((line) => line.startsWith('|'));
  const end = lines.findIndex((line, i) => i > start && !line.startsWith('|'));
  return lines.slice(start + 2, end).map((line) =>
    line
      .split('|')
      .slice(1, -2)
      .map((cell) => cell.trim()),
  );
}

/** The same rows as the class has them. */
function rowsOf(KeyClass: new () => object): readonly string[][] {
  const defaults = new KeyClass() as Record<string, unknown>;
  return Array.from(rulesOf(KeyClass), ([key, { unit, otherwise }]) => [
    `\`${key}\``,
    unit,
    shown(defaults[key], otherwise),
  ]);
}

function shown(value: unknown, otherwise: string): string {
  if (value === undefined) return otherwise;
  if (value === '') return 'none';
  return typeof value === 'boolean' ? `\`${value ? 'on' : 'off'}\`` : `\`${value}\``;
}

describe('docs/configuration.md', () => {
  it.each([
    ['Top level', HubKeys],
    ['limits', LimitKeys],
    ['devices', DeviceKeys],
    ['locations', LocationKeys],
    ['plugins', PluginKeys],
    ['logic_servers', LogicServerKeys],
    ['grants', GrantKeys],
    ['grants.command', CommandGrantKeys],
    ['grants.jobs', JobGrantKeys],
  ])('has every key of %s with its unit and default, and no other', (heading, KeyClass) => {
    expect(rowsOf(KeyClass).length).toBeGreaterThan(2);
    expect(tableOf(heading)).toEqual(rowsOf(KeyClass));
  });

  it('has every environment variable, and no other', () => {
    const variables = Array.from(environmentVariables.keys(), (name) => [`\`${name}\``]);
    expect(tableOf('Environment variables')).toEqual(variables);
    const sets = document.match(/(?<=^\| `SIGNALBOX_\w+` \| `)[\w.]+/gm);
    expect(sets).toEqual(
      Array.from(environmentVariables.values(), ({ section, key }) => (section === 'top' ? key : `${section}.${key}`)),
    );
  });

  const [example = '', withoutFile = ''] = Array.from(document.matchAll(/^```yaml\n(.*?)^```/gms), ([, yaml]) => yaml);

  it('has an example without faults', () => {
    expect(parseConfig(example, 'x', { checkLocations })).toMatchObject({
      listen: { host: '0.0.0.0' },
      locations: [{ publisher: true }, { subscriber: true }],
    });
  });

  it('tells what the hub does without a file', () => {
    expect({ ...parseConfig(withoutFile, 'x', { checkLocations }), file: undefined }).toEqual(defaultConfig());
  });
});
