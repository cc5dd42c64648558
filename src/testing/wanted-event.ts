import { eventSourceOf } from '../devices/device-id.js';
import { EventPattern } from '../logic/journal/interest.js';
import type { PluginStatus } from '../logic/plugin-status.js';

/**
 * The device and the type of which a channel has the events.
 * @throws Error when it is no such channel, or no plugin wants its events: a test that posts one has a slip in it
 */
export function wantedEvent(channel: string, plugins: readonly PluginStatus[]) {
  const source = eventSourceOf(channel);
  if (!source) throw new Error(`"${channel}" has no events: plugins get those of devices/{device}/events/{type}.`);
  const patterns = plugins.flatMap((plugin) => plugin.patterns);
  if (patterns.some((pattern) => new EventPattern(pattern).matches(channel))) return source;
  const has = patterns.length === 0 ? 'none for events' : patterns.map((pattern) => `"${pattern}"`).join(', ');
  const names = plugins.map(({ name }) => name).join(', ');
  throw new Error(
    `Nobody gets the event on "${channel}": no handler or pipeline of ${names} matches it. There is ${has}.`,
  );
}
