/** Ends the name of a candidate version, under which its cursor, state, timers and dead letters are kept. No plugin has it. */
const SUFFIX = '@shadow';

/** The name of a plugin's candidate version. */
export function shadowName(plugin: string): string {
  return plugin + SUFFIX;
}

export function isShadowName(name: string): boolean {
  return name.endsWith(SUFFIX);
}

/** The plugin as the configuration names it, for the name of its own or that of its candidate version. */
export function configuredName(name: string): string {
  return isShadowName(name) ? name.slice(0, -SUFFIX.length) : name;
}
