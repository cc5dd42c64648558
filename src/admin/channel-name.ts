import { type ChannelName, HUB_GROUP_MARK } from '../channels/channel-key.js';
import { HubError } from '../channels/hub-error.js';
import { ADMIN_LIMITS } from './admin-limits.js';

/**
 * Where a channel is found in this API. Its id is one segment of the path, percent-encoded as UTF-8: ids are compared raw
 * on the wire, so one that has `%2F` in it is written `%252F`.
 */
export function channelHref({ group, id }: ChannelName): string {
  const query = group === '' ? '' : `?group=${encoded(group)}`;
  return `/admin/channels/${encoded(id)}${query}`;
}

/**
 * Checks the name that a request gave, decoded.
 * @throws HubError `invalid_channel_id`
 */
export function checkChannelName(id: string, group: string): ChannelName {
  const { maxIdLength } = ADMIN_LIMITS;
  // A NUL parts group and id in a channel's key; with one, a name could reach into another group.
  const hasNul = id.includes('\0') || group.includes('\0');
  if (group.startsWith(HUB_GROUP_MARK)) {
    throw new HubError(
      'invalid_channel_id',
      `The group "${group.slice(0, 80)}" is the hub's own; its channels are not shown.`,
    );
  }
  if (id !== '' && id.length <= maxIdLength && !hasNul) return { group, id };
  throw new HubError(
    'invalid_channel_id',
    `A channel's id has 1 to ${maxIdLength} characters, and neither it nor its group has a NUL; this one has ` +
      `${id.length}${hasNul ? ' and a NUL' : ''}. Write it as one segment of the path, percent-encoded: "/" as %2F, "%" as %25.`,
  );
}

function encoded(text: string): string {
  // Half a surrogate pair, which only a plugin can have put there, has no form in a URL; Buffer replaces it.
  return encodeURIComponent(/[\ud800-\udfff]/.test(text) ? Buffer.from(text).toString() : text);
}
