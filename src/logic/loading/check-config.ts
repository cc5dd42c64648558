import { plainToInstance } from 'class-transformer';
import { getMetadataStorage, type ValidationError, validateSync } from 'class-validator';
import type { PlainClass } from '../../plugin/logic-server-options.js';
import type { PluginConfigFault, PluginEntry } from '../plugin-entry.js';

/** A plugin's settings as its config class has them, or every fault in them. */
export type CheckedConfig =
  | { readonly isValid: true; readonly config: object | undefined }
  | { readonly isValid: false; readonly faults: readonly PluginConfigFault[] };

/** @throws what the constructor of the class throws */
export function checkConfig(
  { name, config }: Pick<PluginEntry, 'name' | 'config'>,
  ConfigClass: PlainClass | undefined,
): CheckedConfig {
  if (!ConfigClass) {
    const faults = Object.entries(config).map(([key, value]) => unknownKey(name, [key], value, []));
    return faults.length === 0 ? { isValid: true, config: undefined } : { isValid: false, faults };
  }
  const filled = plainToInstance(ConfigClass, config);
  const errors = validateSync(filled, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: false });
  if (errors.length === 0) return { isValid: true, config: filled };
  return { isValid: false, faults: errors.flatMap((error) => faultsOf(name, error, [])) };
}

function faultsOf(plugin: string, error: ValidationError, parent: readonly string[]): PluginConfigFault[] {
  const { property, value, constraints = {}, children = [], target } = error;
  const path = [...parent, property];
  const { whitelistValidation, ...others } = constraints;
  const own: PluginConfigFault[] = [];
  if (whitelistValidation !== undefined) own.push(unknownKey(plugin, path, value, keysOf(target)));
  // Several rules of a key may have one text for all of them.
  const allowed = [...new Set(Object.values(others).map(sentence))].join(' ');
  if (allowed !== '') own.push({ plugin, path, value, problem: { kind: 'value', allowed } });
  return [...own, ...children.flatMap((child) => faultsOf(plugin, child, path))];
}

function unknownKey(
  plugin: string,
  path: readonly string[],
  value: unknown,
  known: readonly string[],
): PluginConfigFault {
  return { plugin, path, value, problem: { kind: 'unknown key', known } };
}

/** The properties that a class has rules for. */
function keysOf(target: object | undefined): readonly string[] {
  if (!target) return [];
  const rules = getMetadataStorage().getTargetValidationMetadatas(target.constructor, '', false, false);
  return [...new Set(rules.map(({ propertyName }) => propertyName))];
}

/** class-validator's own texts are neither begun nor ended as sentences are. */
function sentence(text: string): string {
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(begun) ? begun : `${begun}.`;
}
