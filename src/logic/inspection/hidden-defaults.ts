import type { SettingDescription } from './description.js';

/** Shorter values of the environment are words such as "on", which stand in many a text by chance. */
const MIN_SECRET_LENGTH = 4;

/**
 * Takes out defaults that hold a value of the environment: a config class may read a password there, and whoever looks at a
 * plugin is not to see it.
 */
export function withoutSecrets(
  settings: readonly SettingDescription[],
  environment: Readonly<Record<string, string | undefined>>,
): readonly SettingDescription[] {
  const secrets = Object.values(environment).filter((value): value is string => isLong(value));
  return settings.map((setting) => {
    if (!('default' in setting)) return setting;
    const { default: value, ...shown } = setting;
    return holds(value, secrets) ? { ...shown, isHidden: true } : setting;
  });
}

function holds(value: unknown, secrets: readonly string[]): boolean {
  if (typeof value === 'string') return secrets.some((secret) => value.includes(secret));
  if (typeof value === 'number') return secrets.includes(String(value));
  return typeof value === 'object' && value !== null && Object.values(value).some((each) => holds(each, secrets));
}

function isLong(value: string | undefined): boolean {
  return value !== undefined && value.length >= MIN_SECRET_LENGTH;
}
