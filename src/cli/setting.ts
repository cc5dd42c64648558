/** Settings of a plugin as a command line gives them. */
export type Settings = Readonly<Record<string, unknown>>;

/**
 * Lays `key=value` over settings: `limit=26`, `room.name=hall`. What is JSON is taken as that, all else as text.
 * @returns undefined: it has no key
 */
export function withSetting(written: string, settings: Settings = {}): Settings | undefined {
  const [, path = '', text = ''] = /^([^=]+)=([\s\S]*)$/.exec(written) ?? [];
  if (path === '') return undefined;
  return laid(settings, path.split('.'), settingIn(text));
}

function laid(settings: Settings, [key = '', ...rest]: readonly string[], value: unknown): Settings {
  if (rest.length === 0) return { ...settings, [key]: value };
  const inner = settings[key];
  const known = typeof inner === 'object' && inner !== null && !Array.isArray(inner) ? (inner as Settings) : {};
  return { ...settings, [key]: laid(known, rest, value) };
}

function settingIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
