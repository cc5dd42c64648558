import type { Declaration } from '../../plugin/declarations.js';
import type { LogicServerOptions } from '../../plugin/logic-server-options.js';

/** What a plugin says of itself; what it is set to is not part of it. All of it can be written as JSON. */
export interface PluginDescription {
  readonly servers: readonly ServerDescription[];
  readonly settings: readonly SettingDescription[];
}

/** A logic server, with what its decorator was told. */
export interface ServerDescription extends Omit<LogicServerOptions, 'config'> {
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
  /** left out: there is none, JSON cannot say it, or it is hidden */
  readonly default?: unknown;
  /** true: its default comes from the environment of the process, and may be a secret */
  readonly isHidden?: true;
  /** names of class-validator's rules with their arguments: `isNumber`, `min 0` */
  readonly rules: readonly string[];
}
