import type { SettingDescription } from '../inspection/description.js';
import type { ServerDeclaration } from '../loading/declared-servers.js';
import type { Isolation, PluginConfigFault } from '../plugin-entry.js';
import type { RuntimeFigures } from '../plugin-status.js';
import type { HandlerHost } from '../running/handler-host.js';

/** Where a plugin's code is loaded, made and run, from the import of its file to its end. Its steps come in this order. */
export interface PluginRuntime {
  readonly isolation: Isolation;
  /** the keys of its settings, without defaults that may be secrets; known once it is loaded */
  readonly settings: readonly SettingDescription[];
  /** what it uses; undefined: it shares the hub's thread, where nobody can tell */
  readonly figures: RuntimeFigures | undefined;
  /** why it does not run at the moment, a sentence; undefined: it does */
  readonly trouble: string | undefined;
  /**
   * Imports its file; nothing of it is made.
   * @param file absolute; not looked at when its entry has the module already
   * @throws HubError `plugin_failed` with what the file lacks; whatever the file throws
   */
  load(file: string): Promise<readonly ServerDeclaration[]>;
  /** What its config class says of its settings. @throws what that class throws */
  checkConfig(): readonly PluginConfigFault[];
  /** Makes its providers. @throws whatever they throw, and Nest's own error for what cannot be injected */
  open(): Promise<HandlerHost>;
  /** Runs its hooks for a shutdown, and ends it. @throws what they throw */
  close(): Promise<void>;
  /** Ends it at once, as far as it can be. Never throws. */
  kill(): void;
}
