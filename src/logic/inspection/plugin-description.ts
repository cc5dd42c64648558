import { getMetadataStorage } from 'class-validator';
import type { Declaration } from '../../plugin/declarations.js';
import type { PlainClass } from '../../plugin/logic-server-options.js';
import type { LoadedPlugin } from '../loading/load-plugin.js';
import { plain, writeServers } from '../worker/codec.js';
import type { WireServer } from '../worker/protocol.js';

/** What a plugin says of itself. All of it can be written as JSON. */
export interface PluginDescription {
  readonly servers: readonly ServerDescription[];
  readonly settings: readonly SettingDescription[];
}

/** A logic server, with what its decorator was told. */
export interface ServerDescription extends Omit<WireServer['options'], 'config'> {
  readonly handlers: readonly HandlerDescription[];
}

export interface HandlerDescription {
  readonly kind: Declaration['kind'];
  /** the pattern of events, or the name of the command, the timer or the outbox */
  readonly of: string;
  readonly method: string;
}

/** A key of the plugin's settings. */
export interface SettingDescription {
  readonly key: string;
  /** left out: there is none, or JSON cannot say it */
  readonly default?: unknown;
  /** names of class-validator's rules with their arguments: `isNumber`, `min 0` */
  readonly rules: readonly string[];
}

/** Describes a plugin that was loaded. Nothing of it is made but its settings, for their defaults. */
export function describePlugin({ servers, configClass }: LoadedPlugin): PluginDescription {
  return {
    servers: writeServers(servers).map(({ options, declarations }) => ({
      ...options,
      handlers: declarations.map((declaration) => ({
        kind: declaration.kind,
        of: 'pattern' in declaration ? declaration.pattern : declaration.name,
        method: String(declaration.method),
      })),
    })),
    settings: configClass ? settingsOf(configClass) : [],
  };
}

function settingsOf(ConfigClass: PlainClass): readonly SettingDescription[] {
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
