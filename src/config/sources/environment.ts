import type { Fault } from '../fault.js';
import { DeviceKeys } from '../keys/device-keys.js';
import { HubKeys } from '../keys/hub-keys.js';
import { rulesOf } from '../keys/key-rules.js';
import { LimitKeys } from '../keys/limit-keys.js';
import { nearest } from '../nearest.js';
import { type Entries, plainEntry } from './entry.js';
import { type Layer, withLimitsInPlace } from './layer.js';

const PREFIX = 'SIGNALBOX_';
/** Of our own tests: not a setting of a hub. */
const NO_SETTINGS: ReadonlySet<string> = new Set(['SIGNALBOX_TEST_ALL']);

interface Variable {
  readonly section: keyof Layer;
  readonly key: string;
}

/** Every environment variable that sets something: `SIGNALBOX_LISTEN`, `SIGNALBOX_LIMITS_MAX_CHANNELS`, … */
export const environmentVariables: ReadonlyMap<string, Variable> = new Map([
  ...variablesOf('top', HubKeys, PREFIX),
  ...variablesOf('limits', LimitKeys, `${PREFIX}LIMITS_`),
  ...variablesOf('devices', DeviceKeys, `${PREFIX}DEVICES_`),
]);

/**
 * What the environment sets. An empty variable sets nothing.
 * @param folder absolute; where relative paths begin
 * @param faults unknown variables with our prefix are added here
 */
export function layerOfEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  folder: string,
  faults: Fault[],
): Layer {
  const layer = { top: new Map(), limits: new Map(), devices: new Map() } satisfies Record<keyof Layer, Entries>;
  for (const [name, value = ''] of Object.entries(env)) {
    if (!name.startsWith(PREFIX) || NO_SETTINGS.has(name) || value === '') continue;
    const variable = environmentVariables.get(name);
    const entry = plainEntry(name, 'environment', folder, value);
    if (variable) layer[variable.section].set(variable.key, entry);
    else faults.push({ ...unknownVariable(name), value });
  }
  return withLimitsInPlace(layer, faults);
}

function unknownVariable(name: string): Omit<Fault, 'value'> {
  const meant = nearest(name, environmentVariables.keys());
  const hint = meant ? `did you mean ${meant}?` : 'docs/configuration.md lists them.';
  return { file: 'environment', line: undefined, key: name, allowed: `There is no such variable; ${hint}` };
}

function variablesOf(section: keyof Layer, keys: object, prefix: string): [string, Variable][] {
  const scalars = [...rulesOf(keys)].filter(([, { isScalar }]) => isScalar);
  return scalars.map(([key]) => [prefix + key.toUpperCase(), { section, key }]);
}
