import { adminUrl, askAdmin } from './admin-api.js';
import { EXIT } from './exit-code.js';
import { print, type Terminal } from './terminal.js';

export interface WhyOptions {
  /** the hub's admin door */
  readonly admin: string;
}

export interface WhyMessageOptions extends WhyOptions {
  /** the channel's group; left out: none */
  readonly group?: string;
}

interface Story {
  readonly now: string;
  /** left out where no cause is kept */
  readonly because?: readonly string[];
  readonly steps: readonly { readonly at: string; readonly sentence: string }[];
}

/** `signalbox why command`: what brought a command about, and what became of it. @throws Failure */
export function whyCommand(id: string, { admin }: WhyOptions, terminal: Terminal): Promise<number> {
  return tell(`${adminUrl(admin)}/admin/why/commands/${encodeURIComponent(id)}`, terminal);
}

/**
 * `signalbox why message`: who published a message, and what led to it.
 * @param position undefined: of the channel's last message
 * @throws Failure
 */
export function whyMessage(
  channel: string,
  position: string | undefined,
  { admin, group }: WhyMessageOptions,
  terminal: Terminal,
): Promise<number> {
  const query = new URLSearchParams({ channel, ...(position && { position }), ...(group && { group }) });
  return tell(`${adminUrl(admin)}/admin/why/messages?${query}`, terminal);
}

/** `signalbox why timer`: which turn set a timer that waits, and what led to it. @throws Failure */
export function whyTimer(
  plugin: string,
  name: string,
  key: string,
  { admin }: WhyOptions,
  terminal: Terminal,
): Promise<number> {
  return tell(`${adminUrl(admin)}/admin/why/timers?${new URLSearchParams({ plugin, name, key })}`, terminal);
}

/** `signalbox why-not`: why a plugin did nothing about an event, or what it did. @throws Failure */
export function whyNot(event: string, plugin: string, { admin }: WhyOptions, terminal: Terminal): Promise<number> {
  const query = new URLSearchParams({ event, plugin });
  return tell(`${adminUrl(admin)}/admin/why-not?${query}`, terminal);
}

async function tell(url: string, terminal: Terminal): Promise<number> {
  const { now, because = [], steps } = (await askAdmin(url, 'GET')) as Story;
  const before = because.map((sentence) => `  < ${sentence}`);
  const lines = [now, ...before, ...steps.map(({ at, sentence }) => `  ${at} ${sentence}`)];
  await print(terminal.stdout, `${lines.join('\n')}\n`);
  return EXIT.ok;
}
