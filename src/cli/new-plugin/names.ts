/** The names that a new plugin's files are written with. */
export interface PluginNames {
  /** of the plugin and its folder: `presence-alarm` */
  readonly plugin: string;
  /** begins the names of its classes: `PresenceAlarm` */
  readonly classes: string;
}

const NAME = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const MAX_NAME_LENGTH = 64;

/** @returns undefined when it is no name: lower case letters and digits, in words joined by `-`, at most 64 characters */
export function pluginNames(plugin: string): PluginNames | undefined {
  if (!NAME.test(plugin) || plugin.length > MAX_NAME_LENGTH) return undefined;
  const classes = plugin.split('-').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return { plugin, classes: classes.join('') };
}
