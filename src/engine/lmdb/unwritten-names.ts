import { channelKey, channelNameOf } from '../channel-key.js';
import { ChannelNames } from '../channel-names.js';
import type { ChannelKeyRange } from '../message-log.js';
import { indexKey, mayBeHashed } from './channel-index.js';

/**
 * Names of open channels that the disk does not know, in the order that they will have there. Very long ones stand there by
 * their hashes, so that they are kept apart and all looked at: they are few.
 */
export class UnwrittenNames {
  private readonly plain = new ChannelNames();
  private readonly long = new Set<string>();

  add(name: string): void {
    if (mayBeHashed(name)) this.long.add(name);
    else this.plain.add(name);
  }

  delete(name: string): void {
    if (!this.long.delete(name)) this.plain.delete(name);
  }

  groups(): string[] {
    return [...this.plain.groups(), ...Array.from(this.long, (name) => channelNameOf(name).group)];
  }

  /** Those of the range, up to `limit` of the plain ones and all long ones. */
  keys(range: ChannelKeyRange): string[] {
    const { group, prefix = '', after } = range;
    const behind = after === undefined ? undefined : indexKey(channelKey(group, after));
    const long = [...this.long].filter((name) => {
      const { group: its, id } = channelNameOf(name);
      return its === group && id.startsWith(prefix) && (!behind || indexKey(name).compare(behind) > 0);
    });
    return [...this.plain.keys(range), ...long];
  }
}
