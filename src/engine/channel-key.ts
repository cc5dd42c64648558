/** Parts a channel's group from its id in a key. No id holds it: a request line with a NUL is refused at both doors. */
export const GROUP_END = '\0';

/** A channel as people name it. */
export interface ChannelName {
  /** '' for none */
  readonly group: string;
  /** raw, as it stands on the request line */
  readonly id: string;
}

/** The name under which a channel is kept: the id alone, or the id within its group, a name space of its own. */
export function channelKey(group: string, id: string): string {
  return group === '' ? id : group + GROUP_END + id;
}

/** Groups that begin with this are the hub's own: no location, and nobody who asks for a channel, can name one. */
export const HUB_GROUP_MARK = '$';

export function channelNameOf(key: string): ChannelName {
  const end = key.indexOf(GROUP_END);
  return end < 0 ? { group: '', id: key } : { group: key.slice(0, end), id: key.slice(end + 1) };
}
