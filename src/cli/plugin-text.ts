import type { PluginDescription, ServerDescription, SettingDescription } from '../logic/inspection/description.js';

/** Lines about one thing. */
export interface Paragraph {
  readonly title: string;
  readonly lines: readonly string[];
}

/** What an upgrade brings, in lines as `describedPlugin` has them. */
export interface Changes {
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** A plugin in words: a paragraph for each logic server, and one for the settings. */
export function describedPlugin({ servers, settings }: PluginDescription): readonly Paragraph[] {
  const about = servers.map((server) => ({ title: `${server.name} ${server.version}`, lines: linesOf(server) }));
  if (settings.length === 0) return about;
  return [...about, { title: 'settings', lines: settings.map(settingLine) }];
}

/** What the newer of two versions says otherwise of itself. */
export function changesBetween(before: PluginDescription, after: PluginDescription): Changes {
  const [old, now] = [allLines(withKnownDefaults(before, after)), allLines(after)];
  return {
    removed: old.filter((line) => !now.includes(line)),
    added: now.filter((line) => !old.includes(line)),
  };
}

const CALLED_FOR = {
  event: 'gets events of',
  pipeline: 'follows events of',
  outcome: 'gets outcomes of',
  timer: 'gets the timer',
  outbox: 'does what is put into the outbox',
} as const;

function linesOf({ hub, handlers, grants = {}, run = {} }: ServerDescription): readonly string[] {
  const { on, command = [], jobs = [], publish = [], state = '16m' } = grants;
  const { isolation = 'inline', ...rules } = run;
  const told = Object.entries(rules).map(([name, value]) => `, ${name} ${JSON.stringify(value)}`);
  return [
    ...(hub === undefined ? [] : [`is made for hub ${hub}`]),
    `runs ${isolation}${told.join('')}`,
    ...handlers.map(({ kind, of, method }) => `${CALLED_FOR[kind]} ${of} (${method})`),
    ...(on ?? []).map((pattern) => `may get events of ${pattern}`),
    ...command.map(
      ({ device, names, rate }) => `may command ${names.join(', ')} of ${deviceText(device)}${rateText(rate)}`,
    ),
    ...jobs.map(({ devices, names, rate }) => `may start jobs of ${names.join(', ')} for ${devices}${rateText(rate)}`),
    ...publish.map((pattern) => `may publish to ${pattern}`),
    `may keep ${state} of state`,
  ];
}

/** Defaults that a hub does not tell are no change. */
function withKnownDefaults(before: PluginDescription, after: PluginDescription): PluginDescription {
  const settings = before.settings.map(({ isHidden, ...setting }) => {
    const now = isHidden && after.settings.find(({ key }) => key === setting.key);
    return now && 'default' in now ? { ...setting, default: now.default } : setting;
  });
  return { ...before, settings };
}

function settingLine({ key, rules, ...setting }: SettingDescription): string {
  const value = 'default' in setting ? ` = ${JSON.stringify(setting.default)}` : '';
  return `${key}${value}: ${rules.join(', ')}`;
}

/** Each line by itself, so that two versions can be compared. */
function allLines(plugin: PluginDescription): readonly string[] {
  const versions = plugin.servers.map(({ name, version }) => `${name}: version ${version}`);
  const about = describedPlugin(plugin).flatMap(({ title, lines }) => {
    const [name] = title.split(' ');
    return lines.map((line) => `${name}: ${line}`);
  });
  return [...versions, ...about];
}

function deviceText(device: string): string {
  return device === '#' || device === '+' ? 'every device' : device;
}

function rateText(rate: string | undefined): string {
  return rate === undefined ? '' : `, ${rate}`;
}
