import { getMetadataStorage } from 'class-validator';
import type { PlainClass } from '../../plugin/logic-server-options.js';
import type { ServerDeclaration } from '../loading/declared-servers.js';
import type { LoadedPlugin } from '../loading/load-plugin.js';
import { plain, writeServers } from '../worker/codec.js';
import type { PluginDescription, ServerDescription, SettingDescription } from './description.js';

/** Describes a plugin that was loaded. Nothing of it is made but its settings, for their defaults. */
export function describePlugin({ servers, configClass }: LoadedPlugin): PluginDescription {
  return { servers: describeServers(servers), settings: describeSettings(configClass) };
}

/** Describes logic servers as they are declared. */
export function describeServers(servers: readonly ServerDeclaration[]): readonly ServerDescription[] {
  return writeServers(servers).map(({ options, declarations }) => ({
    ...options,
    handlers: declarations.map((declaration) => ({
      kind: declaration.kind,
      of: 'pattern' in declaration ? declaration.pattern : declaration.name,
      method: String(declaration.method),
    })),
  }));
}

/** Describes the keys of a config class. It is made once, for its defaults. @throws what its constructor throws */
export function describeSettings(ConfigClass: PlainClass | undefined): readonly SettingDescription[] {
  if (!ConfigClass) return [];
  const defaults = new ConfigClass() as Readonly<Record<string, unknown>>;
  const rules = getMetadataStorage().getTargetValidationMetadatas(ConfigClass, '', false, false);
  const keys = [...new Set(rules.map(({ propertyName }) => propertyName))];
  return keys.map((key) => {
    const own = rules.filter(({ propertyName }) => propertyName === key);
    const value = defaults[key];
    return plain({
      key,
      ...(value !== undefined && { default: value }),
      // The decorators come from the inside out.
      rules: own.map(({ name, type, constraints = [] }) => ruleText(name ?? type, constraints)).reverse(),
    });
  });
}

function ruleText(name: string, constraints: readonly unknown[]): string {
  const told = constraints.filter((constraint) => ['string', 'number', 'boolean'].includes(typeof constraint));
  const rule = name === 'isOptional' ? 'may be left out' : name;
  return [rule, ...told.map(String)].join(' ');
}
